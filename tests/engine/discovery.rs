//! What names pages besides links: which files are asked for, how often, and what becomes of what they name.

use skillcrawl::config::SiteConfig;
use tempfile::TempDir;

use crate::support::{Archive, Run, Script, ScriptedFetcher, config, links, run, text};

const BASE: &str = "https://d.example/docs/";

/// Crawls a site once with one fetch in work at a time, so that the order is that of the frontier; the pairs are paths below
/// the host. Returns the paths that were asked for and those that were kept.
async fn crawl(config: &mut SiteConfig, site: &[(&str, Script)]) -> (Run, Vec<String>, Vec<String>) {
    config.fetch.concurrency = 1;
    let absolute: Vec<(String, Script)> =
        site.iter().map(|(path, script)| (format!("https://d.example{path}"), script.clone())).collect();
    let borrowed: Vec<(&str, Script)> =
        absolute.iter().map(|(url, script)| (url.as_str(), script.clone())).collect();
    let fetcher = ScriptedFetcher::new(&borrowed);
    let archive = Archive::default();
    let run = run(TempDir::new().unwrap().path(), config, &fetcher, &archive).await;
    let path = |asked: &String| asked.trim_start_matches("https://d.example").to_owned();
    let asked = fetcher.asked().iter().map(path).collect();
    (run, asked, archive.paths())
}

fn count(asked: &[String], path: &str) -> usize {
    asked.iter().filter(|asked| *asked == path).count()
}

#[tokio::test(start_paused = true)]
async fn an_index_names_pages_that_no_link_leads_to() {
    let mut config = config(BASE);
    config.scope.discover.indexes = true;
    let point = "<index src=\"/docs/search/search_index.json\"><index src=\"/docs/searchindex.js\">\
                 <index src=\"https://x.example/search.json\"><index src=\"/docs/gone.json\">";
    let site = [
        ("/robots.txt", text("User-agent: *\nDisallow: /docs/secret\n")),
        ("/docs/", text(&format!("{point}<a href=\"a.html\">"))),
        ("/docs/a.html", text(point)),
        ("/docs/hidden/", text(point)),
        ("/docs/b.html", text("")),
        (
            "/docs/search/search_index.json",
            text(
                "{\"docs\":[{\"location\":\"hidden/#part\"},{\"location\":\"../blog/\"},{\"location\":\"secret/\"}]}",
            ),
        ),
        // How pages are spelled shows in the link to `a.html`.
        ("/docs/searchindex.js", text("Search.setIndex({docnames:[\"index\",\"a\",\"b\"]})")),
    ];
    let (run, asked, kept) = crawl(&mut config, &site).await;
    assert_eq!(kept, ["/docs/", "/docs/a.html", "/docs/b.html", "/docs/hidden/"]);
    assert_eq!(count(&asked, "/docs/search/search_index.json"), 1);
    assert_eq!(count(&asked, "/docs/gone.json"), 1, "a missing index is asked for once");
    assert!(
        asked
            .iter()
            .all(|asked| asked.starts_with('/') && !asked.contains("secret") && !asked.contains("blog"))
    );
    let found_by = |path: &str| {
        let line = run.report.iter().find(|line| line.url.path() == path).unwrap();
        serde_json::to_value(line.found_by).unwrap()
    };
    assert_eq!(found_by("/docs/hidden/"), "index");
    assert_eq!(found_by("/docs/a.html"), "content");
    let counts = run.summary().counts;
    assert_eq!((counts.kept, counts.skipped, counts.failed), (4, 1, 0), "listings count as nothing");
}

#[tokio::test(start_paused = true)]
async fn what_pages_link_to_comes_before_what_an_index_names() {
    let mut config = config(BASE);
    config.scope.discover.indexes = true;
    config.scope.max_pages = Some(3);
    let site = [
        ("/docs/", text("<index src=\"/docs/search.json\"><a href=\"z\">")),
        ("/docs/z", links(&["y"])),
        ("/docs/y", text("")),
        ("/docs/search.json", text("[{\"url\":\"/docs/a\"},{\"url\":\"/docs/y\"}]")),
        ("/docs/a", text("")),
    ];
    let (_, _, kept) = crawl(&mut config, &site).await;
    assert_eq!(kept, ["/docs/", "/docs/y", "/docs/z"]);
}

#[tokio::test(start_paused = true)]
async fn a_config_may_do_without_indexes_and_feeds() {
    let site = [("/docs/", text("<index src=\"/docs/search.json\"><feed src=\"/docs/feed.xml\">"))];
    let (_, asked, _) = crawl(&mut config(BASE), &site).await;
    assert_eq!(asked, ["/robots.txt", "/docs/"]);
}

#[tokio::test(start_paused = true)]
async fn an_index_that_is_a_page_is_read_for_its_links_and_not_kept() {
    let mut config = config(BASE);
    config.scope.discover.indexes = true;
    let site = [
        ("/docs/", text("<index src=\"/docs/toc.html\">")),
        ("/docs/toc.html", links(&["one.html", "/elsewhere"])),
        ("/docs/one.html", text("")),
    ];
    let (_, _, kept) = crawl(&mut config, &site).await;
    assert_eq!(kept, ["/docs/", "/docs/one.html"]);
}

#[tokio::test(start_paused = true)]
async fn feeds_count_on_seed_urls_only() {
    let mut config = config(BASE);
    config.scope.discover.sitemap = true;
    let feed = "<rss><channel><item><link>https://d.example/docs/news</link></item></channel></rss>";
    let site = [
        ("/docs/", text("<feed src=\"/feed.xml\"><a href=\"a\">")),
        ("/docs/a", text("<feed src=\"/docs/a/feed.xml\">")),
        ("/docs/news", text("")),
        ("/feed.xml", text(feed)),
    ];
    let (_, asked, kept) = crawl(&mut config, &site).await;
    assert_eq!(kept, ["/docs/", "/docs/a", "/docs/news"]);
    assert_eq!((count(&asked, "/feed.xml"), count(&asked, "/docs/a/feed.xml")), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn sitemaps_are_looked_for_below_the_docs_and_foreign_ones_left_alone() {
    let mut config = config("https://d.example/docs/en/");
    config.scope.discover.sitemap = true;
    let index = |names: &[&str]| {
        let entries: String = names
            .iter()
            .map(|name| format!("<sitemap><loc>https://d.example{name}</loc></sitemap>"))
            .collect();
        text(&format!("<sitemapindex>{entries}</sitemapindex>"))
    };
    let site = [
        ("/robots.txt", text("Sitemap: https://d.example/map.xml\n")),
        ("/map.xml", index(&["/docs/fr/map.xml", "/docs/en/deep1.xml", "/blog/map.xml", "/sitemaps/a.xml"])),
        ("/docs/en/deep1.xml", index(&["/docs/en/deep2.xml"])),
        ("/docs/en/deep2.xml", index(&["/docs/en/deep3.xml"])),
        ("/docs/en/", text("")),
        ("/docs/en/own", text("")),
        ("/docs/en/sitemap.xml", text("https://d.example/docs/en/own\n")),
    ];
    let (_, mut asked, kept) = crawl(&mut config, &site).await;
    assert_eq!(kept, ["/docs/en/", "/docs/en/own"]);
    asked.sort();
    assert_eq!(
        asked,
        [
            "/docs/en/",
            "/docs/en/deep1.xml",
            "/docs/en/deep2.xml",
            "/docs/en/own",
            "/docs/en/sitemap.xml",
            "/map.xml",
            "/robots.txt",
            "/sitemaps/a.xml",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_whole_text_serves_as_a_list_where_there_is_no_other() {
    let full = "# A\nSource: https://d.example/docs/a\n\n# B\nSource: https://d.example/docs/b\n";
    let site = |list: &'static str| {
        [
            ("/docs/", text("")),
            ("/docs/llms.txt", text(list)),
            ("/llms.txt", text("- [A](/docs/root)\n- [C](/docs/c/llms.txt)\n- [Shop](/shop/llms.txt)")),
            ("/docs/c/llms.txt", text("- [C](/docs/c/)")),
            ("/docs/llms-full.txt", text(full)),
            ("/docs/a", text("")),
            ("/docs/b", text("")),
            ("/docs/c/", text("")),
            ("/docs/root", text("")),
        ]
    };
    let mut config = config(BASE);
    config.scope.discover.llms_txt = true;
    let (_, asked, kept) = crawl(&mut config, &site("- [All](llms-full.txt)\n")).await;
    assert_eq!(kept, ["/docs/", "/docs/a", "/docs/b", "/docs/c/", "/docs/root"]);
    assert!(!asked.contains(&"/shop/llms.txt".to_owned()));
    let (_, asked, kept) = crawl(&mut config, &site("- [A](a)\n- [All](llms-full.txt)\n")).await;
    assert_eq!(kept, ["/docs/", "/docs/a", "/docs/c/", "/docs/root"]);
    assert!(!asked.contains(&"/docs/llms-full.txt".to_owned()), "the list names pages");
}

#[tokio::test(start_paused = true)]
async fn the_time_of_the_last_change_is_kept_whoever_named_the_page_first() {
    let mut config = config(BASE);
    config.scope.discover.sitemap = true;
    config.fetch.concurrency = 1;
    let entry = |path: &str, day: &str| {
        format!("<url><loc>https://d.example{path}</loc><lastmod>{day}</lastmod></url>")
    };
    let map =
        format!("<urlset>{}{}</urlset>", entry("/docs/a", "2024-05-06"), entry("/docs/b", "2023-01-02"));
    let site = [
        ("https://d.example/docs/", links(&["a", "c"])),
        ("https://d.example/docs/sitemap.xml", text(&map)),
        ("https://d.example/docs/a", text("")),
        ("https://d.example/docs/b", text("")),
        ("https://d.example/docs/c", text("")),
    ];
    let folder = TempDir::new().unwrap();
    run(folder.path(), &config, &ScriptedFetcher::new(&site), &Archive::default()).await;
    let database = rusqlite::Connection::open(folder.path().join("crawl.db")).unwrap();
    let mut statement =
        database.prepare("SELECT url, lastmod FROM candidates WHERE kind = 'page' ORDER BY url").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?))).unwrap();
    let rows: Vec<(String, Option<i64>)> = rows.map(Result::unwrap).collect();
    let stored: Vec<(&str, Option<i64>)> =
        rows.iter().map(|(url, time)| (url.trim_start_matches("https://d.example/docs/"), *time)).collect();
    assert_eq!(
        stored,
        [("", None), ("a", Some(1_714_953_600_000)), ("b", Some(1_672_617_600_000)), ("c", None)]
    );
}
