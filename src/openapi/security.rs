//! Who may ask: the schemes of authentication, and what an operation requires of them.

use super::resolve::Node;
use super::schema::{labelled, table};
use super::words::{code, codes, heading, join, text};
use super::writer::Writer;
use crate::document::{Block, Inline};

const FLOWS: [(&str, &str); 5] = [
    ("implicit", "implicit"),
    ("password", "password"),
    ("clientCredentials", "client credentials"),
    ("authorizationCode", "authorization code"),
    ("deviceAuthorization", "device authorization"),
];

impl Writer<'_> {
    /// The section on authentication; none where no scheme is described.
    pub(super) fn authentication(&self, level: u8) -> Vec<Block> {
        let top = self.files.top();
        let schemes = top.get("components").and_then(|components| components.get("securitySchemes"));
        let mut rows = Vec::new();
        let mut scopes = Vec::new();
        for (name, stated) in schemes.into_iter().flat_map(Node::entries) {
            let scheme = self.files.resolve(stated);
            let told = self.description(stated).map(|told| self.line(told)).unwrap_or_default();
            rows.push(vec![
                vec![code(name)],
                vec![text(kind_of(scheme))],
                join([details_of(scheme), told], &Inline::Break),
            ]);
            scopes.extend(self.scopes(name, scheme));
        }
        if rows.is_empty() {
            return Vec::new();
        }
        let mut blocks = vec![heading(level, None, vec![text("Authentication")])];
        blocks.push(table("", &["Name", "Kind", "How"], rows));
        blocks.extend(scopes);
        let general = top.get("security").map(|security| requirement_line(security)).unwrap_or_default();
        if !general.is_empty() {
            blocks.push(labelled("Required unless an operation says otherwise:", general));
        }
        blocks
    }

    /// What an operation requires, where it says so itself.
    pub(super) fn requirement(&self, operation: Node<'_>) -> Option<Block> {
        let security = operation.get("security")?;
        let line = requirement_line(security);
        let line = if line.is_empty() { vec![text("none")] } else { line };
        Some(labelled("Authentication:", line))
    }

    /// The scopes of an OAuth scheme, a table for each flow.
    fn scopes(&self, name: &str, scheme: Node<'_>) -> Vec<Block> {
        let flows = FLOWS.iter().filter_map(|(key, words)| Some((*words, scheme.get("flows")?.get(key)?)));
        flows
            .filter_map(|(words, flow)| {
                let rows: Vec<Vec<Vec<Inline>>> = flow
                    .get("scopes")?
                    .entries()
                    .map(|(scope, told)| {
                        vec![vec![code(scope)], self.line(told.value.as_str().unwrap_or_default())]
                    })
                    .collect();
                let caption = format!("Scopes of {name} ({words})");
                (!rows.is_empty()).then(|| table(&caption, &["Scope", "Description"], rows))
            })
            .collect()
    }
}

fn kind_of(scheme: Node<'_>) -> String {
    let stated = scheme.text("type").unwrap_or_default();
    match (stated, scheme.text("scheme")) {
        ("apiKey", _) => "API key".to_owned(),
        ("http", Some(scheme)) => format!("HTTP {scheme}"),
        ("oauth2", _) => "OAuth 2.0".to_owned(),
        ("openIdConnect", _) => "OpenID Connect".to_owned(),
        ("mutualTLS", _) => "mutual TLS".to_owned(),
        (other, _) => other.to_owned(),
    }
}

/// Where a key goes, how a token is got.
fn details_of(scheme: Node<'_>) -> Vec<Inline> {
    let mut lines = Vec::new();
    if let (Some(name), Some(place)) = (scheme.text("name"), scheme.text("in")) {
        let word = if place == "query" { "query parameter" } else { place };
        lines.push(vec![text(format!("{word} ")), code(name)]);
    }
    let mut note = |label: &str, value: Option<&str>| {
        lines.extend(value.map(|value| vec![text(format!("{label}: ")), code(value)]));
    };
    note("Format", scheme.text("bearerFormat"));
    note("Discovery", scheme.text("openIdConnectUrl"));
    for (key, words) in FLOWS {
        let Some(flow) = scheme.get("flows").and_then(|flows| flows.get(key)) else { continue };
        let capital = words.get(..1).unwrap_or_default().to_uppercase() + words.get(1..).unwrap_or_default();
        note(&format!("{capital} flow, authorization URL"), flow.text("authorizationUrl"));
        note(&format!("{capital} flow, token URL"), flow.text("tokenUrl"));
        note(&format!("{capital} flow, refresh URL"), flow.text("refreshUrl"));
        note(&format!("{capital} flow, device authorization URL"), flow.text("deviceAuthorizationUrl"));
    }
    join(lines, &Inline::Break)
}

/// Alternatives of schemes that are needed together, with their scopes; empty where nothing is required.
fn requirement_line(security: Node<'_>) -> Vec<Inline> {
    let alternatives = security.items().map(|together| {
        let schemes = together.entries().map(|(name, scopes)| {
            let scopes = codes(scopes.items().filter_map(|scope| scope.value.as_str()));
            let mut line = vec![code(name)];
            if !scopes.is_empty() {
                line.push(text(" ("));
                line.extend(scopes);
                line.push(text(")"));
            }
            line
        });
        let line = join(schemes, &text(" and "));
        if line.is_empty() { vec![text("none")] } else { line }
    });
    let line = join(alternatives, &text(" or "));
    if line == [text("none")] { Vec::new() } else { line }
}
