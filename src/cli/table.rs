//! The table of a library that is being built: rows in, lines out.

use std::fmt::Write;

/// What a site is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SiteState {
    /// It waits for its turn.
    Queued,
    /// Nothing of it is known yet but its address: its robots.txt is asked for.
    Robots,
    /// Its pages are asked for.
    Crawling,
    /// Its host asked for patience, or is left alone for a time.
    Waiting,
    /// Its skill is being assembled, or waits for its turn to be.
    Assembling,
    /// Its skill is there.
    Done,
    /// Its skill is there, without some of the pages.
    Incomplete,
    /// Its host asked not to be asked for so long that a later run goes on.
    PutOff,
    /// There is no skill.
    Failed,
    /// It was told to stop.
    Interrupted,
}

impl SiteState {
    /// The state in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Robots => "robots",
            Self::Crawling => "crawling",
            Self::Waiting => "waiting for host",
            Self::Assembling => "assembling",
            Self::Done => "done",
            Self::Incomplete => "done, not all",
            Self::PutOff => "put off",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
        }
    }

    /// Whether something is being done about it.
    pub fn is_in_work(self) -> bool {
        matches!(self, Self::Robots | Self::Crawling | Self::Waiting | Self::Assembling)
    }

    /// Whether there is a skill.
    fn is_built(self) -> bool {
        matches!(self, Self::Done | Self::Incomplete)
    }
}

/// What the table says of a site.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// What it is doing.
    pub state: SiteState,
    /// Pages that are kept.
    pub kept: u64,
    /// Pages that wait.
    pub queued: u64,
    /// Pages a second in this run.
    pub rate: f64,
    /// Pages that failed.
    pub failed: u64,
}

/// The table in at most so many lines: a heading, the sites, and a line for all of them. Where not all sites fit, those in
/// work come before those that ended badly, those that wait, and those that are done.
pub fn table(rows: &[Row], height: usize) -> Vec<String> {
    let width = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0).max("site".len());
    let mut lines = vec![format!(
        "{:<width$}  {:<16}  {:>6}  {:>6}  {:>8}  {:>6}",
        "site", "state", "pages", "queued", "pages/s", "failed"
    )];
    let room = height.saturating_sub(2).max(1);
    let mut shown: Vec<usize> = (0..rows.len()).collect();
    if rows.len() > room {
        shown.sort_by_key(|index| rows.get(*index).map(|row| (urgency(row.state), *index)));
        shown.truncate(room);
        shown.sort_unstable();
    }
    for row in shown.into_iter().filter_map(|index| rows.get(index)) {
        let rate = if row.state.is_in_work() { format!("{:.1}", row.rate) } else { String::new() };
        lines.push(format!(
            "{:<width$}  {:<16}  {:>6}  {:>6}  {rate:>8}  {:>6}",
            row.name,
            row.state.words(),
            row.kept,
            row.queued,
            row.failed
        ));
    }
    lines.push(total(rows));
    lines
}

/// All sites in one line.
pub fn total(rows: &[Row]) -> String {
    let count = |is: &dyn Fn(SiteState) -> bool| rows.iter().filter(|row| is(row.state)).count();
    let mut line = format!("{} of {} sites done", count(&SiteState::is_built), rows.len());
    for (word, number) in [
        ("in work", count(&SiteState::is_in_work)),
        ("queued", count(&|state| state == SiteState::Queued)),
        ("put off", count(&|state| state == SiteState::PutOff)),
        ("interrupted", count(&|state| state == SiteState::Interrupted)),
        ("failed", count(&|state| state == SiteState::Failed)),
    ] {
        if number > 0 {
            // Writing to a string cannot fail.
            let _ = write!(line, ", {number} {word}");
        }
    }
    let kept: u64 = rows.iter().map(|row| row.kept).sum();
    let failed: u64 = rows.iter().map(|row| row.failed).sum();
    // The sum of nothing would be -0.
    let rate = rows.iter().filter(|row| row.state.is_in_work()).fold(0.0, |sum, row| sum + row.rate);
    let _ = write!(line, "; {kept} pages, {failed} failed, {rate:.1} pages/s");
    line
}

fn urgency(state: SiteState) -> u8 {
    match state {
        state if state.is_in_work() => 0,
        SiteState::Failed | SiteState::PutOff | SiteState::Interrupted => 1,
        SiteState::Queued => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::{Row, SiteState, table, total};

    fn row(name: &str, state: SiteState, kept: u64) -> Row {
        Row { name: name.to_owned(), state, kept, queued: 3, rate: 1.25, failed: 1 }
    }

    fn rows() -> Vec<Row> {
        vec![
            row("first", SiteState::Done, 10),
            row("second-site", SiteState::Crawling, 5),
            row("third", SiteState::Failed, 0),
            row("fourth", SiteState::Queued, 0),
            row("fifth", SiteState::Waiting, 2),
        ]
    }

    #[test]
    fn a_row_a_site_and_one_for_all() {
        let lines = table(&rows(), 24);
        assert_eq!(
            lines.join("\n"),
            "site         state              pages  queued   pages/s  failed\n\
             first        done                  10       3                 1\n\
             second-site  crawling               5       3       1.2       1\n\
             third        failed                 0       3                 1\n\
             fourth       queued                 0       3                 1\n\
             fifth        waiting for host       2       3       1.2       1\n\
             1 of 5 sites done, 2 in work, 1 queued, 1 failed; 17 pages, 5 failed, 2.5 pages/s"
        );
    }

    #[test]
    fn before_the_first_begins_all_wait() {
        let waiting = [row("one", SiteState::Queued, 0)];
        assert_eq!(total(&waiting), "0 of 1 sites done, 1 queued; 0 pages, 1 failed, 0.0 pages/s");
    }

    #[test]
    fn what_is_in_work_comes_first_where_the_screen_is_small() {
        let names = |height: usize| -> Vec<String> {
            let lines = table(&rows(), height);
            assert!(lines.len() <= height.max(3), "{lines:?}");
            let names =
                lines[1..lines.len() - 1].iter().map(|line| line.split(' ').next().unwrap().to_owned());
            names.collect()
        };
        assert_eq!(names(4), ["second-site", "fifth"]);
        assert_eq!(names(5), ["second-site", "third", "fifth"]);
        assert_eq!(names(6), ["second-site", "third", "fourth", "fifth"]);
        assert_eq!(names(0), ["second-site"]);
    }
}
