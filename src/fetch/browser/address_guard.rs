//! Which hosts a page's requests may reach.
//!
//! A page decides which URLs it names, so none of them may lead into the machine's own network. The one exception is
//! the authority of the config's own base URL: whoever crawls `localhost:8000` asked for it.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use url::{Host, Url};

use crate::fetch::address::is_public;
use crate::url::{Authority, CanonicalUrl};

/// How long the resolver may take for one name.
const RESOLVE_DEADLINE: Duration = Duration::from_secs(5);

/// Answers which URLs may be asked; resolves each name once.
#[derive(Debug)]
pub struct AddressGuard {
    allowed: Option<Authority>,
    hosts: BTreeMap<String, SocketAddr>,
    resolved: Mutex<HashMap<String, bool>>,
}

impl AddressGuard {
    /// A guard that lets `allowed` through wherever it resolves to, and the names of `hosts` to the addresses given.
    pub fn new(allowed: Option<Authority>, hosts: BTreeMap<String, SocketAddr>) -> Self {
        Self { allowed, hosts, resolved: Mutex::new(HashMap::new()) }
    }

    /// Whether `url` leads to a public host or to the allowed authority. A name that does not resolve does not.
    pub async fn admits(&self, url: &Url) -> bool {
        let Ok(canonical) = CanonicalUrl::from_url(url.clone()) else { return false };
        if self.allowed.as_ref() == Some(&canonical.authority()) {
            return true;
        }
        match url.host() {
            Some(Host::Ipv4(address)) => is_public(address.into()),
            Some(Host::Ipv6(address)) => is_public(address.into()),
            Some(Host::Domain(name)) => self.admits_name(name).await,
            None => false,
        }
    }

    /// The addresses that a connection to a host and port may be made to; none if there is one that it may not.
    pub async fn resolve(&self, host: &str, port: u16) -> Vec<SocketAddr> {
        if let Some(known) = self.hosts.get(host) {
            return vec![*known];
        }
        let found = match tokio::time::timeout(RESOLVE_DEADLINE, tokio::net::lookup_host((host, port))).await
        {
            Ok(Ok(found)) => found.collect(),
            Ok(Err(_)) | Err(_) => Vec::new(),
        };
        let allowed = self.is_allowed(host, port) || found.iter().all(|address| is_public(address.ip()));
        if allowed { found } else { Vec::new() }
    }

    /// Whether this is host and port of the allowed authority, whatever its scheme.
    fn is_allowed(&self, host: &str, port: u16) -> bool {
        let host = if host.contains(':') { format!("[{host}]") } else { host.to_ascii_lowercase() };
        self.allowed.as_ref().is_some_and(|allowed| {
            let allowed = allowed.host_port();
            allowed == format!("{host}:{port}") || (allowed == host && matches!(port, 80 | 443))
        })
    }

    async fn admits_name(&self, name: &str) -> bool {
        if self.hosts.contains_key(name) {
            return true;
        }
        let known = self.resolved.lock().unwrap_or_else(PoisonError::into_inner).get(name).copied();
        if let Some(known) = known {
            return known;
        }
        let public = match tokio::time::timeout(RESOLVE_DEADLINE, tokio::net::lookup_host((name, 0))).await {
            Ok(Ok(addresses)) => {
                let mut addresses = addresses.peekable();
                addresses.peek().is_some() && addresses.all(|address| is_public(address.ip()))
            }
            Ok(Err(_)) | Err(_) => false,
        };
        self.resolved.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), public);
        public
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use url::Url;

    use super::AddressGuard;
    use crate::url::CanonicalUrl;

    #[tokio::test]
    async fn only_the_allowed_authority_may_be_at_home() {
        let base = CanonicalUrl::parse("http://127.0.0.1:8000/docs/").unwrap();
        let guard = AddressGuard::new(Some(base.authority()), BTreeMap::new());
        let admits = async |text: &str| guard.admits(&Url::parse(text).unwrap()).await;
        assert!(admits("http://127.0.0.1:8000/other").await);
        assert!(!admits("http://127.0.0.1:8001/").await);
        assert!(!admits("http://localhost:8000/").await);
        assert!(!admits("http://[::1]/").await);
        // The URL parser folds every spelling of an IPv4 address into one.
        assert!(!admits("http://0x7f000001/").await);
        assert!(!admits("http://2130706433/").await);
        assert!(!admits("ftp://1.1.1.1/").await);
        assert!(admits("https://1.1.1.1/").await);
    }
}
