//! What a page loads to make its content from: the API description behind a reference whose operations are drawn only
//! when somebody opens them.
//!
//! The server is asked by the page alone; what it answers is looked at on the way. On a page that shows no API
//! reference that costs nothing: only a request whose address speaks of an API description is looked at there. Where
//! the document or a script names a viewer of such descriptions, every request for data is.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::fetch::{ContinueRequestParams, GetResponseBodyParams};
use data_encoding::BASE64;
use tokio::sync::Notify;

use super::events::Paused;
use super::session::Session;
use crate::fetched::Exchange;
use crate::openapi;
use crate::url::CanonicalUrl;

/// How long a body may take to arrive. Its page waits that long for it, as it would without us.
const BODY_DEADLINE: Duration = Duration::from_secs(20);
/// How long a page is waited for once its description is there: what stands around the viewer comes sooner.
const GRACE: Duration = Duration::from_secs(3);
/// The most that is kept of one page, in bytes and in files.
const MOST_BYTES: usize = 24 << 20;
const MOST_FILES: usize = 100;
/// A larger file is no part of a description that was split over several.
const LARGEST_PART: usize = 2 << 20;

/// The viewers, as documents name them.
const VIEWERS: [&str; 8] = [
    "swagger-ui",
    "swaggerui",
    "redoc",
    "rapidoc",
    "rapi-doc",
    "@scalar/",
    "createapireference",
    "elements-api",
];
/// The viewers, as addresses of scripts name them.
const VIEWER_SCRIPTS: [&str; 6] = ["swagger-ui", "redoc", "rapidoc", "scalar", "stoplight", "api-reference"];
/// Words of addresses at which descriptions are found.
const TELLING: [&str; 5] = ["openapi", "swagger", "api-docs", "apidocs", "asyncapi"];
/// Scripts that hold a description: of Swagger UI's distribution and of its Express and NestJS packages.
const INITIALIZERS: [&str; 2] = ["swagger-ui-init.js", "swagger-initializer.js"];
/// Extensions of data.
const DATA: [&str; 3] = [".json", ".yaml", ".yml"];
/// Headers that the client has undone, or that name a visitor.
const DROPPED_HEADERS: [&str; 4] = ["content-encoding", "transfer-encoding", "content-length", "set-cookie"];

/// What one page loaded so far.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    state: Mutex<State>,
    described: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// Whether the page shows API descriptions.
    is_viewer: bool,
    kept: Vec<Exchange>,
    bytes: usize,
}

impl Loaded {
    /// Of a page whose document was sent as this.
    pub(super) fn of(document: &Exchange) -> Self {
        let text = String::from_utf8_lossy(&document.body).to_ascii_lowercase();
        let is_viewer = VIEWERS.iter().any(|name| text.contains(name));
        Self { state: Mutex::new(State { is_viewer, ..State::default() }), described: Notify::new() }
    }

    /// Forgets what was kept: the document began anew.
    pub(super) fn clear(&self) {
        let mut state = self.lock();
        state.kept.clear();
        state.bytes = 0;
    }

    /// Ends a while after the first description came: the page may take long to draw it, and some viewers never come to
    /// rest, but what is read is the description.
    pub(super) async fn is_enough(&self) {
        self.described.notified().await;
        tokio::time::sleep(GRACE).await;
    }

    /// What was kept, in the order of its arrival.
    pub(super) fn take(&self) -> Vec<Exchange> {
        std::mem::take(&mut self.lock().kept)
    }

    /// Whether the page shows API descriptions.
    pub(super) fn is_viewer(&self) -> bool {
        self.lock().is_viewer
    }

    /// Whether the answer to a request is worth a look.
    pub(super) fn wants(&self, paused: &Paused) -> bool {
        let address = paused.request.url.to_ascii_lowercase();
        let path = address.split(['?', '#']).next().unwrap_or_default();
        let mut state = self.lock();
        match paused.resource_type.as_str() {
            "Script" => {
                state.is_viewer |= VIEWER_SCRIPTS.iter().any(|name| path.contains(name));
                INITIALIZERS.iter().any(|name| path.ends_with(name))
            }
            "XHR" | "Fetch" if paused.request.method == "GET" => {
                let is_yaml = path.ends_with(".yaml") || path.ends_with(".yml");
                state.is_viewer || is_yaml || TELLING.iter().any(|word| address.contains(word))
            }
            _ => false,
        }
    }

    /// Keeps an exchange if it is a description, or a file that a kept one names.
    fn keep(&self, exchange: Exchange) {
        let mut state = self.lock();
        let size = exchange.body.len();
        let is_known = state.kept.iter().any(|kept| kept.target == exchange.target);
        let is_full = state.kept.len() >= MOST_FILES || state.bytes + size > MOST_BYTES;
        let wanted = openapi::is_description(&exchange.body)
            || (is_script(&exchange)
                && openapi::embedded(&String::from_utf8_lossy(&exchange.body)).is_some())
            || state.is_part(&exchange);
        if wanted && !is_known && !is_full {
            state.bytes += size;
            state.kept.push(exchange);
            self.described.notify_one();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether a kept file refers to this one, as far as its name can tell.
    fn is_part(&self, exchange: &Exchange) -> bool {
        let name = exchange.target.path().rsplit('/').next().unwrap_or_default().as_bytes();
        let names = |kept: &Exchange| kept.body.windows(name.len()).any(|window| window == name);
        !name.is_empty() && exchange.body.len() <= LARGEST_PART && self.kept.iter().any(names)
    }
}

/// Answers a request that was stopped at its response: looks at the body if it may be a description, and lets it go on.
pub(super) fn look(sender: Session, paused: &Paused, loaded: &Arc<Loaded>) {
    let go_on = ContinueRequestParams::new(paused.request_id.clone());
    let Some(mut exchange) = promising(paused) else { return sender.tell(go_on) };
    let loaded = Arc::clone(loaded);
    let request = paused.request_id.clone();
    tokio::spawn(async move {
        let answer = sender.call(GetResponseBodyParams::new(request), BODY_DEADLINE).await;
        if let Ok(answer) = answer {
            let body = match answer.base64_encoded {
                true => BASE64.decode(answer.body.as_bytes()).unwrap_or_default(),
                false => answer.body.into_bytes(),
            };
            exchange.body = body;
            // Before the page has it, so that nothing is made of it that is not kept here.
            loaded.keep(exchange);
        }
        sender.tell(go_on);
    });
}

/// The exchange, still without its body, if status, type and size are those of a description.
fn promising(paused: &Paused) -> Option<Exchange> {
    let status = paused.response_status_code.and_then(|status| u16::try_from(status).ok())?;
    let target = CanonicalUrl::parse(&paused.request.url).ok()?.document();
    let headers = paused.response_headers.iter().map(|header| (header.name.clone(), header.value.clone()));
    let headers: Vec<(String, String)> = headers.collect();
    let exchange = Exchange {
        request_headers: request_headers(paused, &target),
        status,
        response_headers: headers,
        body: Vec::new(),
        target,
    };
    let length = exchange.header("content-length").and_then(|length| length.trim().parse::<usize>().ok());
    let fits = length.is_none_or(|length| length <= openapi::LARGEST);
    let media_type = exchange.media_type().unwrap_or_default();
    let is_data = DATA.iter().any(|end| exchange.target.path().to_ascii_lowercase().ends_with(end))
        || ["json", "yaml", "text/plain", "octet-stream"].iter().any(|word| media_type.contains(word));
    let dropped = |name: &str| DROPPED_HEADERS.iter().any(|dropped| dropped.eq_ignore_ascii_case(name));
    let keep = status == 200 && fits && (is_data || is_script(&exchange));
    keep.then(|| Exchange {
        response_headers: exchange.response_headers.into_iter().filter(|(name, _)| !dropped(name)).collect(),
        ..exchange
    })
}

fn is_script(exchange: &Exchange) -> bool {
    INITIALIZERS.iter().any(|name| exchange.target.path().ends_with(name))
}

/// The host, and the headers that the page's engine has set, without what names a visitor.
fn request_headers(paused: &Paused, target: &CanonicalUrl) -> Vec<(String, String)> {
    let names_visitor =
        |name: &str| ["cookie", "authorization"].iter().any(|header| header.eq_ignore_ascii_case(name));
    let headers = paused.request.headers.iter().filter(|(name, _)| !names_visitor(name));
    let host = ("Host".to_owned(), target.authority().host_port().to_owned());
    std::iter::once(host).chain(headers.map(|(name, value)| (name.clone(), value.clone()))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Loaded, promising};
    use crate::fetch::browser::events::Paused;
    use crate::fetched::Exchange;
    use crate::url::CanonicalUrl;

    fn exchange(path: &str, body: &str) -> Exchange {
        Exchange {
            target: CanonicalUrl::parse(&format!("https://d.example/{path}")).unwrap(),
            request_headers: Vec::new(),
            status: 200,
            response_headers: Vec::new(),
            body: body.as_bytes().to_vec(),
        }
    }

    fn paused(kind: &str, path: &str, answer: Option<(u16, &str)>) -> Paused {
        let mut event = json!({
            "requestId": "1", "resourceType": kind,
            "request": {"url": format!("https://d.example/{path}"), "method": "GET", "headers": {"Cookie": "x"}},
        });
        if let Some((status, media_type)) = answer {
            event["responseStatusCode"] = json!(status);
            event["responseHeaders"] = json!([{"name": "Content-Type", "value": media_type}]);
        }
        serde_json::from_value(event).unwrap()
    }

    #[test]
    fn ordinary_pages_are_left_alone() {
        let plain = Loaded::of(&exchange("", "<main>Hello</main>"));
        let wants = |loaded: &Loaded, kind: &str, path: &str| loaded.wants(&paused(kind, path, None));
        assert!(!wants(&plain, "Fetch", "search-index.json"));
        assert!(!wants(&plain, "Script", "app.js"));
        assert!(wants(&plain, "XHR", "v3/api-docs"));
        assert!(wants(&plain, "Fetch", "pets.yaml?v=1"));
        assert!(wants(&plain, "Script", "docs/swagger-ui-init.js"));
        assert!(wants(&plain, "XHR", "anything"), "a script of a viewer was asked for");
        assert!(wants(&Loaded::of(&exchange("", "<ReDoc spec-url=x>")), "Fetch", "spec"));
    }

    #[test]
    fn only_data_that_came_is_read() {
        let check = |path: &str, status: u16, media_type: &str, is: bool| {
            let found = promising(&paused("XHR", path, Some((status, media_type))));
            assert_eq!(found.is_some(), is, "{path} {status} {media_type}");
            assert!(
                found.is_none_or(|exchange| exchange.request_headers.iter().all(|(name, _)| name == "Host"))
            );
        };
        check("spec", 200, "application/vnd.oai.openapi+json", true);
        check("spec.yaml", 200, "", true);
        check("spec.yaml", 404, "text/yaml", false);
        check("page", 200, "text/html", false);
    }

    #[test]
    fn descriptions_and_the_files_they_name_are_kept() {
        let loaded = Loaded::default();
        loaded.keep(exchange("config.json", "{\"theme\": 1}"));
        loaded.keep(exchange("api.yaml", "openapi: 3.0.0\npaths: {$ref: parts/pets.yaml}\n"));
        loaded.keep(exchange("parts/pets.yaml", "/pets: {}\n"));
        loaded.keep(exchange("other.yaml", "/pets: {}\n"));
        loaded.keep(exchange("api.yaml", "openapi: 3.0.0\n"));
        let kept: Vec<String> = loaded.take().iter().map(|kept| kept.target.path().to_owned()).collect();
        assert_eq!(kept, ["/api.yaml", "/parts/pets.yaml"]);
    }
}
