//! Swagger 2.0 as OpenAPI 3: the same description in the newer words, so that everything after it knows one format.

use serde_json::{Map, Value, json};

use crate::url::CanonicalUrl;

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

/// Where the things that references name have moved to.
const MOVED: [(&str, &str); 3] = [
    ("#/definitions/", "#/components/schemas/"),
    ("#/parameters/", "#/components/parameters/"),
    ("#/responses/", "#/components/responses/"),
];

/// Keys of a parameter or header that OpenAPI 3 keeps in its schema.
const OF_SCHEMA: [&str; 17] = [
    "type",
    "format",
    "items",
    "default",
    "enum",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "multipleOf",
    "x-nullable",
];

/// The methods that a path may have.
pub(super) const METHODS: [&str; 9] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// Turns a Swagger 2.0 description into an OpenAPI 3 one. `url` is where it was loaded from: what it says of its host
/// is relative to that.
pub(super) fn to_openapi_3(mut old: Value, url: &CanonicalUrl) -> Value {
    let mut new = Map::new();
    new.insert("openapi".to_owned(), json!("3.0.0"));
    new.insert("x-original-swagger-version".to_owned(), take(&mut old, "swagger"));
    new.insert("servers".to_owned(), servers(&old, url));
    let consumes = media_types(&old, "consumes");
    let produces = media_types(&old, "produces");
    let shared = old.get("parameters").cloned().unwrap_or_default();
    let whole = Whole { consumes, produces, parameters: shared };
    let mut components = Map::new();
    components.insert("schemas".to_owned(), take(&mut old, "definitions"));
    components.insert("parameters".to_owned(), map_values(take(&mut old, "parameters"), parameter));
    let responses = take(&mut old, "responses");
    components.insert("responses".to_owned(), map_values(responses, |it| response(it, &whole.produces)));
    let schemes = take(&mut old, "securityDefinitions");
    components.insert("securitySchemes".to_owned(), map_values(schemes, security_scheme));
    new.insert("components".to_owned(), Value::Object(components));
    let paths = take(&mut old, "paths");
    new.insert("paths".to_owned(), map_values(paths, |item| path_item(item, &whole)));
    if let Value::Object(rest) = old {
        let gone = ["host", "basePath", "schemes", "consumes", "produces"];
        new.extend(rest.into_iter().filter(|(key, value)| !value.is_null() && !gone.contains(&key.as_str())));
    }
    let mut new = Value::Object(new);
    move_references(&mut new);
    new
}

/// What the description says for all of its operations.
struct Whole {
    consumes: Vec<String>,
    produces: Vec<String>,
    parameters: Value,
}

fn servers(old: &Value, url: &CanonicalUrl) -> Value {
    let text = |key: &str| old.get(key).and_then(Value::as_str);
    let path = text("basePath").unwrap_or_default();
    let Some(host) = text("host") else { return json!([{"url": if path.is_empty() { "/" } else { path }}]) };
    let stated: Vec<&str> = strings(old.get("schemes"));
    let own = [url.as_url().scheme()];
    let schemes = if stated.is_empty() { &own[..] } else { &stated[..] };
    schemes.iter().map(|scheme| json!({"url": format!("{scheme}://{host}{path}")})).collect()
}

fn path_item(item: Value, whole: &Whole) -> Value {
    let Value::Object(mut item) = item else { return item };
    let shared = item.remove("parameters").unwrap_or_default();
    for (key, operation) in &mut item {
        if METHODS.contains(&key.as_str()) {
            *operation = self::operation(std::mem::take(operation), &shared, whole);
        }
    }
    Value::Object(item)
}

fn operation(operation: Value, of_path: &Value, whole: &Whole) -> Value {
    let Value::Object(mut new) = operation else { return operation };
    let stated = |new: &Map<String, Value>, key: &str, all: &[String]| {
        new.get(key)
            .map_or_else(|| all.to_vec(), |own| strings(Some(own)).into_iter().map(str::to_owned).collect())
    };
    let consumes = stated(&new, "consumes", &whole.consumes);
    let produces = stated(&new, "produces", &whole.produces);
    let own = new.remove("parameters").unwrap_or_default();
    let own: Vec<Value> = own.as_array().cloned().unwrap_or_default();
    let identity = |it: &Value| (dereferenced(it, whole).get("name").cloned(), place(it, whole));
    let inherited = of_path.as_array().into_iter().flatten();
    let inherited = inherited.filter(|it| !own.iter().any(|mine| identity(mine) == identity(it)));
    let all: Vec<Value> = inherited.chain(&own).cloned().collect();
    let (in_body, others): (Vec<Value>, Vec<Value>) =
        all.into_iter().partition(|it| matches!(place(it, whole).as_str(), "body" | "formData"));
    if let Some(body) = request_body(&in_body, &consumes, whole) {
        new.insert("requestBody".to_owned(), body);
    }
    new.insert("parameters".to_owned(), others.into_iter().map(parameter).collect());
    let responses = new.remove("responses").unwrap_or_default();
    new.insert("responses".to_owned(), map_values(responses, |it| response(it, &produces)));
    Value::Object(new)
}

/// A parameter, or what it refers to among the shared ones.
fn dereferenced<'a>(parameter: &'a Value, whole: &'a Whole) -> &'a Value {
    let name = parameter.get("$ref").and_then(Value::as_str).and_then(|it| it.strip_prefix("#/parameters/"));
    name.and_then(|name| whole.parameters.get(name)).unwrap_or(parameter)
}

fn place(parameter: &Value, whole: &Whole) -> String {
    dereferenced(parameter, whole).get("in").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The body that parameters in `body` and `formData` describe.
fn request_body(parameters: &[Value], consumes: &[String], whole: &Whole) -> Option<Value> {
    let parameters: Vec<&Value> = parameters.iter().map(|it| dereferenced(it, whole)).collect();
    if let Some(body) = parameters.iter().find(|it| it.get("in").and_then(Value::as_str) == Some("body")) {
        let types = if consumes.is_empty() { vec![JSON.to_owned()] } else { consumes.to_vec() };
        let schema = body.get("schema").cloned().unwrap_or_default();
        let content: Map<String, Value> =
            types.into_iter().map(|media_type| (media_type, json!({"schema": schema}))).collect();
        return Some(json!({
            "description": body.get("description").cloned().unwrap_or_default(),
            "required": body.get("required").cloned().unwrap_or_default(),
            "content": content,
        }));
    }
    let name = |it: &Value| it.get("name").and_then(Value::as_str).map(str::to_owned);
    let is_required = |it: &Value| it.get("required").and_then(Value::as_bool).unwrap_or_default();
    let required: Vec<String> =
        parameters.iter().filter(|it| is_required(it)).filter_map(|it| name(it)).collect();
    let has_file = parameters.iter().any(|it| it.get("type").and_then(Value::as_str) == Some("file"));
    let properties: Map<String, Value> =
        parameters.iter().filter_map(|it| Some((name(it)?, form_field(it)))).collect();
    if properties.is_empty() {
        return None;
    }
    let types: Vec<&str> =
        consumes.iter().map(String::as_str).filter(|it| [FORM, MULTIPART].contains(it)).collect();
    let types = if types.is_empty() { vec![if has_file { MULTIPART } else { FORM }] } else { types };
    let schema = json!({"type": "object", "properties": properties, "required": required});
    let content: Map<String, Value> =
        types.into_iter().map(|media_type| (media_type.to_owned(), json!({"schema": schema}))).collect();
    Some(json!({"required": !required.is_empty(), "content": content}))
}

fn form_field(parameter: &Value) -> Value {
    let Value::Object(field) = parameter else { return Value::Null };
    let kept = |key: &str| OF_SCHEMA.contains(&key) || key == "description";
    let mut field: Map<String, Value> =
        field.iter().filter(|(key, _)| kept(key)).map(|(key, value)| (key.clone(), value.clone())).collect();
    if field.get("type").and_then(Value::as_str) == Some("file") {
        field.insert("type".to_owned(), json!("string"));
        field.insert("format".to_owned(), json!("binary"));
    }
    Value::Object(field)
}

/// A parameter or a header with its type in a schema.
fn parameter(parameter: Value) -> Value {
    let Value::Object(old) = parameter else { return parameter };
    if old.contains_key("$ref") || old.contains_key("schema") {
        return Value::Object(old);
    }
    let (schema, mut new): (Map<String, Value>, Map<String, Value>) =
        old.into_iter().partition(|(key, _)| OF_SCHEMA.contains(&key.as_str()));
    new.insert("schema".to_owned(), Value::Object(schema));
    Value::Object(new)
}

fn response(response: Value, produces: &[String]) -> Value {
    let Value::Object(mut new) = response else { return response };
    if new.contains_key("$ref") {
        return Value::Object(new);
    }
    let schema = new.remove("schema");
    let mut examples = match new.remove("examples") {
        Some(Value::Object(examples)) => examples,
        _ => Map::new(),
    };
    let mut types: Vec<String> = if schema.is_some() { produces.to_vec() } else { Vec::new() };
    types.extend(examples.keys().filter(|key| !produces.contains(key)).cloned());
    if types.is_empty() && schema.is_some() {
        types.push(JSON.to_owned());
    }
    let media = |media_type: String| {
        let mut media = Map::new();
        media.extend(schema.clone().map(|schema| ("schema".to_owned(), schema)));
        media.extend(examples.remove(&media_type).map(|example| ("example".to_owned(), example)));
        (media_type, Value::Object(media))
    };
    let content: Map<String, Value> = types.into_iter().map(media).collect();
    new.insert("content".to_owned(), Value::Object(content));
    let headers = new.remove("headers").unwrap_or_default();
    new.insert("headers".to_owned(), map_values(headers, parameter));
    Value::Object(new)
}

fn security_scheme(scheme: Value) -> Value {
    let Value::Object(mut new) = scheme else { return scheme };
    let kind = new.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    if kind == "basic" {
        new.insert("type".to_owned(), json!("http"));
        new.insert("scheme".to_owned(), json!("basic"));
    } else if kind == "oauth2" {
        let name = match new.remove("flow").as_ref().and_then(Value::as_str) {
            Some("accessCode") => "authorizationCode",
            Some("application") => "clientCredentials",
            Some("password") => "password",
            _ => "implicit",
        };
        let keys = ["authorizationUrl", "tokenUrl", "scopes"];
        let flow: Map<String, Value> =
            keys.iter().filter_map(|key| Some(((*key).to_owned(), new.remove(*key)?))).collect();
        new.insert("flows".to_owned(), json!({name: flow}));
    }
    Value::Object(new)
}

/// Gives references their new targets, wherever they stand. Parsing has bounded the depth.
fn move_references(value: &mut Value) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                match value {
                    Value::String(target) if key == "$ref" => {
                        if let Some((old, new)) = MOVED.iter().find(|(old, _)| target.starts_with(old)) {
                            *target = target.replacen(old, new, 1);
                        }
                    }
                    value => move_references(value),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(move_references),
        _ => {}
    }
}

fn take(value: &mut Value, key: &str) -> Value {
    value.get_mut(key).map(Value::take).unwrap_or_default()
}

fn map_values(value: Value, change: impl Fn(Value) -> Value) -> Value {
    match value {
        Value::Object(entries) => entries.into_iter().map(|(key, value)| (key, change(value))).collect(),
        other => other,
    }
}

fn strings(value: Option<&Value>) -> Vec<&str> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

fn media_types(old: &Value, key: &str) -> Vec<String> {
    strings(old.get(key)).into_iter().map(str::to_owned).collect()
}
