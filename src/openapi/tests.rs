//! From a description to Markdown, one construct at a time, and what hostile ones do.

use std::time::{Duration, Instant};

use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_oneof, proptest};
use serde_json::{Value, json};

use super::{Description, embedded, is_description, reference};
use crate::document::{Block, Document, Inline};
use crate::markdown::to_markdown;
use crate::url::CanonicalUrl;

fn paragraph(text: &str) -> Vec<Block> {
    vec![Block::Paragraph(vec![Inline::Text(text.to_owned())])]
}

fn url(path: &str) -> CanonicalUrl {
    CanonicalUrl::parse(&format!("https://d.example/{path}")).unwrap()
}

fn markdown_of(description: &Description) -> String {
    let reference = reference(description, &url("docs"), &paragraph);
    to_markdown(&Document { blocks: reference.blocks, ..Document::default() })
}

fn read(description: Value) -> String {
    markdown_of(&Description::from_value(&url("openapi.json"), description, Vec::new()).unwrap())
}

/// The reference of one operation `GET /x`, without its heading.
#[track_caller]
fn check(operation: Value, markdown: &str) {
    let text = read(json!({"openapi": "3.1.0", "paths": {"/x": {"get": operation}}}));
    assert_eq!(text, format!("## Operations\n\n### `GET /x`\n\n{markdown}\n"));
}

/// The reference of one schema `S`, without its heading.
#[track_caller]
fn check_schema(schema: Value, markdown: &str) {
    let other = json!({"type": "object", "properties": {"o": {"type": "string"}}, "required": ["o"]});
    let schemas = json!({"S": schema, "Other": other});
    let text = read(json!({"openapi": "3.1.0", "components": {"schemas": schemas}}));
    let own = text.split("### `Other`").next().unwrap().trim_end();
    assert_eq!(own, format!("## Schemas\n\n### `S`\n\n{markdown}"));
}

#[test]
fn parameters_say_all_that_is_known_of_them() {
    check(
        json!({"parameters": [
            {"name": "n", "in": "query", "required": true, "description": "How many.",
             "schema": {"type": ["integer", "null"], "minimum": 1, "exclusiveMaximum": 9, "default": 2}},
            {"name": "filter", "in": "query", "content": {"application/json": {"schema": {"type": "object"}}}},
        ]}),
        "**Parameters**\n\n| Name | In | Type | Required | Description |\n| --- | --- | --- | --- | --- |\n\
         | `n` | query | integer or null | yes | How many.<br>Default: `2`<br>Range: `>= 1`, `< 9` |\n\
         | `filter` | query | object as application/json | | |",
    );
}

#[test]
fn responses_without_bodies_stay_short() {
    check(
        json!({"summary": "Ask", "responses": {"204": {"description": "Nothing."}, "4XX": {"description": "No."}}}),
        "Ask\n\n**Responses**\n\n| Status | Description |\n| --- | --- |\n| `204` | Nothing. |\n| `4XX` | No. |",
    );
}

#[test]
fn requests_have_an_example_where_the_author_gave_values() {
    let body = |properties: Value| json!({"requestBody": {"content": {"application/json": {"schema": {"properties": properties}}}}});
    check(
        body(
            json!({"a": {"type": "string", "example": "x"}, "b": {"type": "integer"}, "c": {"readOnly": true}}),
        ),
        "**Request body** `application/json`: object\n\n**Fields of the request body (application/json)**\n\n\
         | Field | Type | Description |\n| --- | --- | --- |\n| `a` | string | Example: `x` |\n| `b` | integer | |\n\
         | `c` | any | Read-only. |\n\n**Example request (application/json)**\n\n```json\n{\n  \"a\": \"x\",\n  \"b\": 0\n}\n```",
    );
    check(
        body(json!({"b": {"type": "integer"}})),
        "**Request body** `application/json`: object\n\n**Fields of the request body (application/json)**\n\n\
         | Field | Type |\n| --- | --- |\n| `b` | integer |",
    );
}

#[test]
fn schemas_are_written_by_their_kind() {
    let link = "[`Other`](https://d.example/docs#schema-Other)";
    let other = json!({"$ref": "#/components/schemas/Other"});
    check_schema(json!({"type": "array", "items": other}), &format!("**Type:** array of {link}"));
    check_schema(json!({"enum": ["a", 1, null]}), "**Type:** string\n\nChoices: `a`, `1`, `null`");
    check_schema(json!({"anyOf": [other, {"type": "null"}]}), &format!("**Type:** {link} or null"));
    check_schema(
        json!({"type": "object", "additionalProperties": {"type": "array", "items": {"type": "number"}}}),
        "**Type:** map of array of number\n\n| Field | Type |\n| --- | --- |\n| `{key}` | array of number |",
    );
    check_schema(
        json!({"allOf": [other, {"properties": {"p": {"const": "fixed"}}, "required": ["p"]}]}),
        &format!(
            "**Extends:** {link}\n\n| Field | Type | Required | Description |\n| --- | --- | --- | --- |\n\
             | `o` | string | yes | |\n| `p` | string | yes | Always: `fixed` |"
        ),
    );
    check_schema(json!(true), "**Type:** any");
}

#[test]
fn circles_end_and_lost_references_say_nothing() {
    let node = json!({"type": "object", "properties": {"next": {"$ref": "#/components/schemas/S"}}});
    check_schema(
        node,
        "| Field | Type |\n| --- | --- |\n| `next` | [`S`](https://d.example/docs#schema-S) |",
    );
    // A circle through a place that has no name.
    let nameless = json!({"properties": {"in": {"$ref": "#/components/schemas/S/properties/in/properties"},
        "lost": {"$ref": "#/nowhere"}}});
    check_schema(nameless, "| Field | Type |\n| --- | --- |\n| `in` | any |\n| `lost` | any |");
    check_schema(
        json!({"$ref": "#/components/schemas/S"}),
        "**Type:** [`S`](https://d.example/docs#schema-S)",
    );
}

#[test]
fn a_reference_between_wide_schemas_stays_small() {
    // Each schema refers to all others: written out along its paths this would be a book without end.
    let names: Vec<String> = (0..60).map(|number| format!("S{number}")).collect();
    let properties: Value = names
        .iter()
        .map(|name| (name.clone(), json!({"$ref": format!("#/components/schemas/{name}")})))
        .collect();
    let schemas: Value = names.iter().map(|name| (name.clone(), json!({"properties": properties}))).collect();
    let text = read(json!({"openapi": "3.0.0", "components": {"schemas": schemas}}));
    assert_eq!(text.lines().filter(|line| line.starts_with("| `S")).count(), 60 * 60);
}

#[test]
fn nameless_schemas_that_branch_without_end_are_cut() {
    // Two fields a level, each the whole again by another way: 2^12 rows at most, and a budget over all.
    let twice = json!({"properties": {"a": {"$ref": "#/x-1/0"}, "b": {"$ref": "#/x-2/0"}}});
    let text = read(json!({"openapi": "3.0.0", "x-1": [twice], "x-2": [twice],
        "components": {"schemas": {"S": {"$ref": "#/x-1/0"}}}}));
    assert!(text.len() < 1_000_000);
}

#[test]
fn texts_of_other_kinds_are_refused() {
    for text in ["", "{}", "[]", "null", "openapi", "swagger: 1.2", "{\"openapi\": 3", &"[".repeat(10_000)] {
        assert!(Description::parse(&url("x"), text, []).is_err(), "{text:.40}");
    }
    let deep = format!("{{\"openapi\": \"3.0.0\", \"x\": {}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    assert!(Description::parse(&url("x"), &deep, []).is_err());
}

#[test]
fn a_large_description_is_read_in_seconds() {
    let operation = |number: usize| {
        let body = json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/T{}", number % 200)}}});
        json!({"get": {
            "tags": [format!("tag {}", number % 40)], "operationId": format!("op{number}"), "summary": "A summary.",
            "description": "Words about it. ".repeat(40),
            "parameters": [{"name": "id", "in": "path", "schema": {"type": "string"}}],
            "requestBody": {"content": body}, "responses": {"200": {"description": "Yes.", "content": body}},
        }})
    };
    let paths: Value = (0..500).map(|number| (format!("/p/{number}/{{id}}"), operation(number))).collect();
    let fields: Value =
        (0..30).map(|n| (format!("f{n}"), json!({"type": "string", "description": "A field."}))).collect();
    let schemas: Value = (0..200).map(|n| (format!("T{n}"), json!({"properties": fields}))).collect();
    let text = json!({"openapi": "3.0.0", "paths": paths, "components": {"schemas": schemas}}).to_string();
    let begun = Instant::now();
    let markdown = markdown_of(&Description::parse(&url("x"), &text, []).unwrap());
    assert_eq!(markdown.matches("\n### `GET").count(), 500);
    // Generous: it is to show that nothing is quadratic.
    assert!(begun.elapsed() < Duration::from_secs(120));
}

/// JSON of the words that descriptions are made of, put together without sense.
fn nonsense() -> impl Strategy<Value = Value> {
    let word = prop_oneof![
        Just("openapi"),
        Just("swagger"),
        Just("info"),
        Just("paths"),
        Just("/a/{b}"),
        Just("get"),
        Just("post"),
        Just("parameters"),
        Just("responses"),
        Just("requestBody"),
        Just("content"),
        Just("application/json"),
        Just("schema"),
        Just("properties"),
        Just("items"),
        Just("allOf"),
        Just("oneOf"),
        Just("$ref"),
        Just("type"),
        Just("components"),
        Just("schemas"),
        Just("definitions"),
        Just("enum"),
        Just("required"),
        Just("example"),
        Just("examples"),
        Just("tags"),
        Just("name"),
        Just("in"),
        Just("body"),
        Just("formData"),
        Just("security"),
        Just("securitySchemes"),
        Just("flows"),
        Just("servers"),
        Just("callbacks"),
        Just("discriminator"),
        Just("additionalProperties"),
        Just("description"),
        Just("200"),
        Just("headers"),
        Just("externalDocs"),
    ];
    let target = prop_oneof![
        Just("#"),
        Just("#/paths"),
        Just("#/components/schemas/type"),
        Just("#/definitions/name"),
        Just("#/info"),
        Just("#/%zz"),
        Just("other.yaml"),
        Just("://"),
        Just("array"),
        Just("object"),
        Just("3.0.0"),
        Just("* [x](y"),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        target.prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(9, 160, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((word.clone(), inner), 0..8).prop_map(|entries| entries
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn nonsense_is_read_without_harm(first in nonsense(), second in nonsense(), third in nonsense(), two in any::<bool>()) {
        let version = if two { ("swagger", "2.0") } else { ("openapi", "3.1.0") };
        let description = json!({
            version.0: version.1, "info": first,
            "paths": {"/p": {"get": second, "parameters": third}, "/q": first},
            "components": {"schemas": {"type": second, "x": third}, "securitySchemes": first},
            "definitions": {"name": third}, "parameters": second, "tags": third, "webhooks": first,
        });
        let parsed = Description::parse(&url("x"), &description.to_string(), []).unwrap();
        markdown_of(&parsed);
    }

    #[test]
    fn any_text_is_read_without_harm(text in "[-{}\\[\\]:,&*!|>'\"%@#? \na-c0-2<]{0,80}") {
        let text = format!("openapi: 3.0.0\n{text}");
        is_description(text.as_bytes());
        embedded(&text);
        if let Ok(description) = Description::parse(&url("x"), &text, []) {
            markdown_of(&description);
        }
    }
}
