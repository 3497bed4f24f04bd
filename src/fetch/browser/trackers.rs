//! Which requests are for nothing but watching, selling to, or chatting with a visitor. The list is data:
//! `trackers.txt`.

use std::collections::HashMap;
use std::sync::LazyLock;

use url::Url;

/// Hosts with the paths below which they track; no path stands for all of them.
type Rules = HashMap<&'static str, Vec<&'static str>>;

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let mut rules = Rules::new();
    let lines = include_str!("trackers.txt").lines().map(str::trim);
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (host, path) = line.split_at(line.find('/').unwrap_or(line.len()));
        rules.entry(host).or_default().push(path);
    }
    rules
});

/// Whether a URL is a known tracker's: its host, or a host above it, is in the list. Of the page's own site nothing is.
pub(super) fn is_tracker(url: &Url, own: &Url) -> bool {
    let (Some(host), false) = (url.host_str(), url.host() == own.host()) else { return false };
    let hosts = std::iter::successors(Some(host), |host| host.split_once('.').map(|(_, above)| above));
    hosts.filter_map(|host| RULES.get(host)).flatten().any(|path| url.path().starts_with(path))
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{RULES, is_tracker};

    #[test]
    fn hosts_below_count_and_hosts_beside_do_not() {
        let own = Url::parse("https://docs.example/").unwrap();
        let host = RULES.iter().find(|(_, paths)| paths.contains(&"")).unwrap().0;
        let (named, paths) = RULES.iter().find(|(_, paths)| !paths.contains(&"")).unwrap();
        let check = |url: String| is_tracker(&Url::parse(&url).unwrap(), &own);
        assert!(check(format!("https://{host}/x.js")));
        assert!(check(format!("https://a.b.{host}/")));
        assert!(!check(format!("https://not{host}/x.js")));
        assert!(!check("https://docs.example/analytics.js".to_owned()));
        assert!(check(format!("https://{named}{}", paths[0])));
        assert!(!check(format!("https://{named}/something/else.js")));
        let at_home = Url::parse(&format!("https://{host}/")).unwrap();
        assert!(!is_tracker(&at_home, &at_home));
    }

    #[test]
    fn the_list_is_sorted_and_well_formed() {
        let lines: Vec<&str> = include_str!("trackers.txt")
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty())
            .collect();
        assert!(lines.is_sorted(), "sort trackers.txt");
        for line in lines {
            let host = line.split('/').next().unwrap();
            assert!(host.contains('.') && host.to_ascii_lowercase() == host && !line.contains(' '), "{line}");
        }
    }
}
