//! Whether anything outside of this machine is reached.

use std::time::Duration;

use tokio::net::TcpStream;

use super::Check;
use crate::url::CanonicalUrl;

const DEADLINE: Duration = Duration::from_secs(5);
const MEND: &str = "sites cannot be crawled from here; `build --replay` works from a recorded crawl";
/// Variables by which programs are told of a proxy.
const PROXIES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Whether a connection to the program's own home page opens. It is closed again, and nothing is asked.
pub(super) async fn reached() -> Check {
    let Some(host) = CanonicalUrl::parse(env!("CARGO_PKG_HOMEPAGE"))
        .ok()
        .and_then(|url| url.as_url().host_str().map(str::to_owned))
    else {
        return Check::good("network", "not looked at");
    };
    let proxy = PROXIES.iter().find(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    let proxy = proxy.map_or_else(String::new, |name| format!(" (`{name}` names a proxy)"));
    match tokio::time::timeout(DEADLINE, TcpStream::connect((host.as_str(), 443))).await {
        Ok(Ok(_)) => Check::good("network", format!("{host} is reached{proxy}")),
        Ok(Err(error)) => Check::remark("network", format!("{host} is not reached: {error}{proxy}"), MEND),
        Err(_) => Check::remark("network", format!("{host} does not answer within 5 seconds{proxy}"), MEND),
    }
}
