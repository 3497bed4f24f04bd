//! What this process has used: CPU time, and the most memory it ever had.

use std::time::Duration;

use anyhow::Context;

/// What was used.
pub struct Usage {
    /// In user and system mode.
    pub cpu: Duration,
    /// The peak of the resident set.
    pub peak_megabytes: f64,
}

impl Usage {
    /// What was used since an earlier reading; the peak is that of the whole life.
    pub fn since(&self, earlier: &Self) -> Self {
        Self { cpu: self.cpu.saturating_sub(earlier.cpu), peak_megabytes: self.peak_megabytes }
    }
}

/// Reads it from `/proc`.
pub fn usage() -> anyhow::Result<Usage> {
    Ok(Usage { cpu: cpu()?, peak_megabytes: peak_megabytes()? })
}

fn cpu() -> anyhow::Result<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The name of the program stands in brackets and may hold anything; user and system time are the 14th and 15th field.
    let after_name = stat.rsplit_once(')').context("`/proc/self/stat` is not as expected")?.1;
    let ticks: u64 =
        after_name.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Ok(Duration::from_secs_f64(ticks as f64 / rustix::param::clock_ticks_per_second() as f64))
}

fn peak_megabytes() -> anyhow::Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("there is no VmHWM")?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kilobytes / 1000.0)
}
