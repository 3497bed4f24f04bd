//! API references as their viewers show them: each viewer from npm, in real Chromium, against a loopback server, through
//! the archive, to Markdown. Where there is no Chromium and none can be installed, these tests fail.

#![expect(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests fail as tests do")]

#[path = "support/chrome.rs"]
mod chrome;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use skillcrawl::archive::{Archive, ArchiveWriter, Durability, WriteOptions, pack};
use skillcrawl::config::ExtractRules;
use skillcrawl::extract::{Reading, outlinks, read_page};
use skillcrawl::fetch::browser::{Browser, BrowserOptions, RenderJob, RenderOutcome};
use skillcrawl::fetched::{Dom, Exchange, Fetched};
use skillcrawl::markdown::to_markdown;
use skillcrawl::pipeline::assemble;
use skillcrawl::profile::Profiles;
use skillcrawl::render::Source;
use skillcrawl::skill::limits::Limits;
use skillcrawl::url::CanonicalUrl;

const JSON: &str = include_str!("../fixtures/api/openapi.json");
const YAML: &str = include_str!("../fixtures/api/openapi.yaml");
const SWAGGER: &str = include_str!("../fixtures/api/swagger.json");

/// What the reference of `openapi.yaml` must say, whoever shows it.
const SAID: [&str; 48] = [
    "# batchmv server API",
    "**Version:** `2.4.0`",
    "Every run is a **plan** first",
    "## Conventions",
    "batchmv serve --listen 127.0.0.1:7070",
    "https://batchmv.example/license",
    "| `https://{region}.batchmv.example/v2` | Hosted |",
    "Choices: `eu`, `us`",
    "## Authentication",
    "Format: `JWT`<br>Made by `batchmv token new`.",
    "| `signature` | API key | header `X-Signature` |",
    "Client credentials flow, token URL: `https://id.batchmv.example/token`",
    "| `plans:write` | Make and apply plans. |",
    "## plans",
    "*Nothing* is renamed before it is applied.",
    "## rules",
    "## Other operations",
    "### `GET /plans`",
    "### `POST /plans`",
    "### `GET /plans/{planId}`",
    "### `DELETE /plans/{planId}`",
    "### `POST /plans/{planId}/apply`",
    "### `PUT /rules/{name}`",
    "### `GET /health`",
    "> This operation is deprecated.",
    "**Authentication:** `token` and `signature` or `oauth` (`plans:write`)",
    "| `X-Trace` | header | string (uuid) |",
    "How many plans a page holds.<br>Default: `20`<br>Range: `>= 1`, `<= 100`",
    "**Deprecated.**<br>Use `after` of the answer.",
    "Pattern: `^[0-9a-f]{16}$`",
    "| `planId` | path | integer (int64) | yes | The number of the plan.<br>Example: `72` |",
    "Length: 1 to 40",
    "| two files, one name | `409` |",
    "**Example request: Photos by year (application/json)**",
    "\"replacement\": \"harbour-{1:04}.jpg\"",
    "s/IMG_/harbour-/",
    "| `X-Total-Count` | integer | How many plans there are in all. |",
    "| `next` | string or null |",
    "\"to\": \"harbour-0001.jpg\"",
    "**Alternative 2: Undo**",
    "Range: `> 0`",
    "| `moves[].from` | string | yes | The name before. |",
    "| `labels.{key}` | string |",
    "Write-only.",
    "Told apart by `kind`: `rule` for Rule",
    "#### Callback `planDone`: `POST {$request.body#/notify}`",
    "Each item: Choices: `i`, `x`, `g`",
    "-d '{\"pattern\": \"a\", \"replacement\": \"b\", \"folder\": \".\"}'",
];

/// The viewers' files, fetched once; fails the test where npm has none.
fn viewers() -> &'static Path {
    static VIEWERS: OnceLock<PathBuf> = OnceLock::new();
    VIEWERS.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let out = root.join("target/tools/viewers");
        let script = root.join("fixtures/generators/viewers.py");
        let output = Command::new("python3").arg(script).arg("--out").arg(&out).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "the viewers cannot be fetched:\n{stderr}");
        out
    })
}

/// A loopback site: files by path, and what was asked for.
struct Site {
    base: CanonicalUrl,
    files: Files,
}

#[derive(Clone)]
struct Files {
    texts: Arc<BTreeMap<String, String>>,
    asked: Arc<Mutex<Vec<String>>>,
}

async fn answer(State(files): State<Files>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    files.asked.lock().unwrap().push(path.clone());
    let kind = match path.rsplit('.').next().unwrap_or_default() {
        "js" => "text/javascript",
        "css" => "text/css",
        "json" => "application/json",
        "yaml" => "text/yaml",
        _ => "text/html; charset=utf-8",
    };
    let text = match path.strip_prefix("/viewers/") {
        Some(file) => fs::read_to_string(viewers().join(file)).ok(),
        None => files.texts.get(&path).cloned(),
    };
    match text {
        Some(text) => ([(CONTENT_TYPE, kind)], text).into_response(),
        None => axum::http::StatusCode::NOT_FOUND.into_response(),
    }
}

impl Site {
    async fn serve(texts: &[(&str, &str)]) -> Self {
        let texts = texts.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        let files = Files { texts: Arc::new(texts), asked: Arc::default() };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = CanonicalUrl::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let router = Router::new().fallback(answer).with_state(files.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base, files }
    }

    /// Renders a page, records it, packs the record, and reads it back.
    async fn record(&self, html: &str) -> Fetched {
        let options = BrowserOptions {
            chrome: Some(chrome::chrome().to_owned()),
            tabs: 1,
            allowed_authority: Some(self.base.authority()),
            host_rules: Some("MAP * ~NOTFOUND , EXCLUDE 127.0.0.1".to_owned()),
            ..BrowserOptions::default()
        };
        let url = self.base.join("docs/").unwrap();
        let document = Exchange {
            target: url.clone(),
            request_headers: vec![("Host".to_owned(), self.base.authority().host_port().to_owned())],
            status: 200,
            response_headers: vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())],
            body: html.as_bytes().to_vec(),
        };
        let browser = Browser::launch(options).await.unwrap();
        let outcome = browser.render(RenderJob { url: &url, document: &document, application: None }).await;
        browser.close().await;
        let RenderOutcome::Dom(dom) = outcome else { panic!("not rendered: {outcome:?}") };
        let fetched_at = "2026-03-01T12:00:00Z".parse().unwrap();
        replayed(&Fetched { url, fetched_at, exchange: Some(document), dom: Some(dom), twin: None })
    }

    fn asked_for(&self, path: &str) -> usize {
        self.files.asked.lock().unwrap().iter().filter(|asked| *asked == path).count()
    }
}

/// The page as the archive gives it back, which must be as it was.
#[track_caller]
fn replayed(page: &Fetched) -> Fetched {
    let crawl = tempfile::tempdir().unwrap();
    let folder = crawl.path().join("archive");
    let options = WriteOptions { durability: Durability::Process, ..WriteOptions::default() };
    let (mut writer, _) = ArchiveWriter::open(&folder, options).unwrap();
    writer.record_page(page, &[]).unwrap();
    let read = |path: &Path| -> Vec<Fetched> {
        let archive = Archive::open(path).unwrap();
        assert!(archive.warnings().is_empty(), "{:?}", archive.warnings());
        archive.pages().map(Result::unwrap).collect()
    };
    assert_eq!(read(&folder), std::slice::from_ref(page));
    let whole = crawl.path().join("crawl.wacz");
    drop(writer);
    pack(&folder, "API", &whole).unwrap();
    assert_eq!(read(&whole), std::slice::from_ref(page));
    read(&whole).remove(0)
}

fn reading(page: &Fetched) -> Reading {
    read_page(page, &Profiles::builtin().unwrap(), &ExtractRules::default())
}

/// The Markdown of a page, which must have been made from a description.
#[track_caller]
fn markdown(page: &Fetched) -> String {
    let reading = reading(page);
    assert_eq!(reading.source, Source::OpenApi, "{:?}\n{}", reading.warnings, to_markdown(&reading.document));
    to_markdown(&reading.document)
}

#[track_caller]
fn check_said(markdown: &str, said: &[&str]) {
    let missing: Vec<&&str> = said.iter().filter(|text| !markdown.contains(**text)).collect();
    assert!(missing.is_empty(), "missing {missing:#?} in\n{markdown}");
}

/// Renders one page of a viewer that loads a description, and checks all that its reference must say.
async fn check(html: &str) {
    let site = Site::serve(&[("/openapi.json", JSON), ("/openapi.yaml", YAML)]).await;
    let page = site.record(html).await;
    let reference = markdown(&page);
    check_said(&reference, &SAID);
    assert!(reference.starts_with("# batchmv server API\n\n**Version:**"), "{reference}");
    // The page alone asked for the description, and its routes are no pages.
    assert_eq!(site.asked_for("/openapi.json") + site.asked_for("/openapi.yaml"), 1);
    let routes: Vec<_> = links(&page).into_iter().filter(|url| url.route().is_some()).collect();
    assert!(routes.is_empty(), "{routes:?}");
}

/// Renders one page that holds its description, in whatever form, and checks that its reference was made from it.
async fn check_held(html: &str) {
    let site = Site::serve(&[("/swagger-ui-init.js", &initializer())]).await;
    let page = site.record(html).await;
    check_said(&markdown(&page), &SAID);
}

fn links(page: &Fetched) -> Vec<CanonicalUrl> {
    let links = outlinks(page, &Profiles::builtin().unwrap(), &ExtractRules::default());
    links.into_iter().map(|link| link.url).collect()
}

/// As the packages of Swagger UI for Express and NestJS write it.
fn initializer() -> String {
    format!(
        "window.onload = function() {{ let options = {{\n \"swaggerDoc\": {JSON},\n \"customOptions\": {{}} }};
        window.ui = SwaggerUIBundle({{ spec: options.swaggerDoc, dom_id: '#swagger-ui' }}) }}"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn swagger_ui() {
    check(
        "<!DOCTYPE html><title>API</title><link rel=stylesheet href=/viewers/swagger-ui/swagger-ui.css>
        <div id=swagger-ui></div><script src=/viewers/swagger-ui/swagger-ui-bundle.js></script>
        <script>SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true })</script>",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redoc() {
    check(
        "<!DOCTYPE html><title>API</title><redoc spec-url=/openapi.yaml></redoc>
        <script src=/viewers/redoc/redoc.standalone.js></script>",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redoc_3() {
    check(
        "<!DOCTYPE html><title>API</title><redoc spec-url=/openapi.yaml></redoc>
        <script type=module src=/viewers/redoc-3/redoc.standalone.js></script>",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rapidoc() {
    check(
        "<!DOCTYPE html><title>API</title><script type=module src=/viewers/rapidoc/rapidoc-min.js></script>
        <rapi-doc spec-url=/openapi.json></rapi-doc>",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn scalar() {
    check(
        "<!DOCTYPE html><title>API</title><script id=api-reference data-url=/openapi.yaml></script>
        <script src=/viewers/scalar/standalone.js></script>",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn elements() {
    check(
        "<!DOCTYPE html><title>API</title><script src=/viewers/elements/web-components.min.js></script>
        <elements-api apiDescriptionUrl=/openapi.yaml router=hash></elements-api>",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn swagger_ui_with_the_description_in_its_initializer() {
    check_held(
        "<!DOCTYPE html><title>API</title><div id=swagger-ui></div>
        <script src=/viewers/swagger-ui/swagger-ui-bundle.js></script><script src=/swagger-ui-init.js></script>",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn swagger_ui_with_the_description_made_by_a_script() {
    // No text of the page is JSON: only the viewer itself can be asked.
    let made = JSON.replacen("\"openapi\"", "['open' + 'api']", 1);
    check_held(&format!(
        "<!DOCTYPE html><title>API</title><div id=swagger-ui></div>
        <script src=/viewers/swagger-ui/swagger-ui-bundle.js></script>
        <script>window.ui = SwaggerUIBundle({{ spec: {made}, dom_id: '#swagger-ui' }})</script>"
    ))
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redoc_with_the_description_made_by_a_script() {
    let made = JSON.replacen("\"openapi\"", "['open' + 'api']", 1);
    check_held(&format!(
        "<!DOCTYPE html><title>API</title><div id=here></div><script src=/viewers/redoc/redoc.standalone.js></script>
        <script>Redoc.init({made}, {{}}, document.getElementById('here'))</script>"
    ))
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redoc_with_the_description_in_a_script() {
    check_held(&format!(
        "<!DOCTYPE html><title>API</title><div id=redoc></div><script src=/viewers/redoc/redoc.standalone.js></script>
        <script>const __redoc_state = {{\"spec\": {{\"data\": {JSON}}}}};
        Redoc.init(__redoc_state.spec.data, {{}}, document.getElementById('redoc'))</script>"
    ))
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn scalar_with_the_description_in_its_script() {
    check_held(&format!(
        "<!DOCTYPE html><title>API</title><script id=api-reference type=application/json>{JSON}</script>
        <script src=/viewers/scalar/standalone.js></script>"
    ))
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn scalar_with_the_description_in_its_configuration() {
    let configuration = format!("{{\"content\": {JSON}}}").replace('&', "&amp;").replace('\'', "&#39;");
    check_held(&format!(
        "<!DOCTYPE html><title>API</title><script id=api-reference data-configuration='{configuration}'></script>
        <script src=/viewers/scalar/standalone.js></script>"
    ))
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rapidoc_with_the_description_handed_over() {
    check_held(&format!(
        "<!DOCTYPE html><title>API</title><script type=module src=/viewers/rapidoc/rapidoc-min.js></script>
        <rapi-doc></rapi-doc><script>
        addEventListener('load', () => document.querySelector('rapi-doc').loadSpec({JSON}))</script>"
    ))
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn elements_with_the_description_handed_over() {
    let made = JSON.replacen("\"openapi\"", "['open' + 'api']", 1);
    check_held(&format!(
        "<!DOCTYPE html><title>API</title><script src=/viewers/elements/web-components.min.js></script>
        <elements-api router=hash></elements-api><script>
        document.querySelector('elements-api').apiDescriptionDocument = {made}</script>"
    ))
    .await;
}

const SWAGGER_UI: &str = "<script src=/viewers/swagger-ui/swagger-ui-bundle.js></script>
    <script>SwaggerUIBundle({ url: '/api/index.yaml', dom_id: '#swagger-ui', deepLinking: true })</script>";

#[tokio::test(flavor = "multi_thread")]
async fn version_2_is_read_as_version_3() {
    let site = Site::serve(&[("/api/index.yaml", SWAGGER)]).await;
    let page =
        site.record(&format!("<!DOCTYPE html><title>API</title><div id=swagger-ui></div>{SWAGGER_UI}")).await;
    check_said(
        &markdown(&page),
        &[
            "`https://old.batchmv.example/v1`",
            "| `basic` | HTTP basic |",
            "Authorization code flow, token URL: `https://id.batchmv.example/token`",
            "### `POST /runs`",
            "| `dry` | query | boolean | Only say what would happen.<br>Default: `true` |",
            "**Request body (required)** `application/json`: [`Run`]",
            "| `400` | The pattern is no pattern. |",
            "| `X-Took` | integer | Milliseconds. |",
            "\"files\": 3",
            "### `POST /lists`",
            "`multipart/form-data`: object",
            "| `list` | string (binary) | yes | A name a line. |",
            "| `encoding` | string | | Choices: `utf-8`, `latin-1` |",
            "| `files` | integer | | How many files it met.<br>Read-only. |",
        ],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_description_in_several_files_around_which_there_is_prose() {
    let index = "openapi: 3.0.0\ninfo: {title: Split, version: '1'}\npaths:\n  /a:\n    $ref: parts/a.yaml\n";
    let part =
        "get:\n  summary: From the part\n  responses:\n    '200':\n      description: Fine.\n      content:
        application/json:
          schema: {$ref: 'types.yaml#/Thing'}\n";
    let types = "Thing:\n  type: object\n  properties:\n    far: {type: string, description: Far away.}\n";
    let site = Site::serve(&[
        ("/api/index.yaml", index),
        ("/api/parts/a.yaml", part),
        ("/api/parts/types.yaml", types),
        ("/api/unrelated.json", "{}"),
    ])
    .await;
    let page = site
        .record(
            "<!DOCTYPE html><title>API</title><main><h1>Our API</h1>
            <p>Read <a href='#/guide'>the guide</a> before you call anything, it saves time.</p>
            <redoc spec-url=/api/index.yaml></redoc></main><script src=/viewers/redoc/redoc.standalone.js></script>
            <script>fetch('/api/unrelated.json')</script>",
        )
        .await;
    let kept: Vec<&str> = page.dom.as_ref().unwrap().loaded.iter().map(|kept| kept.target.path()).collect();
    assert_eq!(kept, ["/api/index.yaml", "/api/parts/a.yaml", "/api/parts/types.yaml"]);
    let said = [
        "# Our API\n\nRead [the guide]",
        "## Split",
        "#### `GET /a`",
        "From the part",
        "| `far` | string | Far away. |",
    ];
    check_said(&markdown(&page), &said);
    // A route that the page itself links to is a page; those of a viewer are not.
    let routes: Vec<CanonicalUrl> = links(&page).into_iter().filter(|url| url.route().is_some()).collect();
    assert_eq!(routes, [site.base.join("docs/#/guide").unwrap()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_prose_that_loads_a_description_stays_one() {
    let site = Site::serve(&[("/openapi.json", SWAGGER)]).await;
    let prose =
        "<p>Every field of the description is read by the generator, and the client is made of it.</p>"
            .repeat(60);
    let page = site
        .record(&format!(
            "<!DOCTYPE html><title>Guide</title><main><h1>Clients</h1>{prose}<p id=p></p></main>
            <script>fetch('/openapi.json').then((answer) => answer.json()).then((api) => {{
                document.getElementById('p').textContent = 'For ' + api.info.title }})</script>"
        ))
        .await;
    assert_eq!(page.dom.as_ref().unwrap().loaded.len(), 1);
    let reading = reading(&page);
    assert_eq!(reading.source, Source::Dom);
    assert!(to_markdown(&reading.document).contains("For batchmv server API"));
}

/// A page of Swagger UI on which nothing is opened, with the description that it loaded.
fn recorded(description: String) -> Fetched {
    let url = CanonicalUrl::parse("https://d.example/docs/").unwrap();
    let exchange = |target: CanonicalUrl, kind: &str, body: Vec<u8>| Exchange {
        target,
        request_headers: Vec::new(),
        status: 200,
        response_headers: vec![("content-type".to_owned(), kind.to_owned())],
        body,
    };
    let html = "<title>API</title><div id=swagger-ui>Operations</div>".to_owned();
    let loaded = exchange(url.join("api.json").unwrap(), "application/json", description.into_bytes());
    Fetched {
        exchange: Some(exchange(url.clone(), "text/html", html.clone().into_bytes())),
        dom: Some(Dom { html, settled: true, loaded: vec![loaded], routed: false }),
        fetched_at: "2026-03-01T12:00:00Z".parse().unwrap(),
        twin: None,
        url,
    }
}

#[test]
fn a_large_reference_becomes_files_with_links_between_them() {
    let operation = |tag: usize, number: usize| {
        let body = json!({"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}});
        let told = format!("It does what number {number} of {tag} does. ").repeat(30);
        json!({"post": {"tags": [format!("Area {tag}")], "description": told,
            "responses": {"200": {"description": "Done.", "content": body}}}})
    };
    let numbers = (0..8).flat_map(|tag| (0..10).map(move |number| (tag, number)));
    let paths: Value =
        numbers.map(|(tag, number)| (format!("/{tag}/{number}"), operation(tag, number))).collect();
    let schemas = json!({"Thing": {"properties": {"x": {"type": "string"}}}});
    let api = json!({"openapi": "3.1.0", "info": {"title": "Things", "version": "1"}, "paths": paths,
        "components": {"schemas": schemas}});
    let config = r#"{"name": "things", "description": "Things.", "base_url": "https://d.example/docs/"}"#;
    let config = skillcrawl::config::load::parse(config, Path::new("things.json")).unwrap().config;
    let profiles = Profiles::builtin().unwrap();
    let read = |page: &Fetched| read_page(page, &profiles, &ExtractRules::default());
    let pages = [Ok::<_, Infallible>(recorded(api.to_string()))];
    let skill = assemble(pages, &config, &Limits::default(), &read).unwrap().skill;
    let files: Vec<(&String, &String)> = skill
        .files
        .iter()
        .filter(|(name, _)| name.starts_with("references/") && !name.ends_with("index.md"))
        .collect();
    assert!(files.len() >= 4, "{:?}", skill.files.keys());
    assert!(files.iter().all(|(_, text)| text.len() < 45_000));
    let all: String = files.iter().map(|(_, text)| text.as_str()).collect();
    for number in 0..80 {
        assert_eq!(all.matches(&format!("`POST /{}/{}`\n", number / 10, number % 10)).count(), 1, "{number}");
    }
    // The schema stands in the last file; operations in the others lead there.
    let (last, _) = files.iter().find(|(_, text)| text.contains("`Thing`\n\n|")).unwrap();
    let link = format!("[`Thing`]({}#thing)", last.trim_start_matches("references/"));
    assert!(all.contains(&link), "no {link}");
}

#[test]
fn a_description_that_cannot_be_read_is_a_warning() {
    let reading = reading(&recorded("{\"openapi\": \"3.0.0\", \"info\": {".to_owned()));
    assert!(reading.warnings.iter().any(|warning| warning.kind == "api_description_unreadable"));
    assert_ne!(reading.source, Source::OpenApi);
}
