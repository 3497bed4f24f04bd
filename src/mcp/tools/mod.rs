//! The tools: for each, what may be asked, and which command line of this program that is.
//!
//! In order: [`configs`] writes and checks configs, [`crawls`] crawls and builds, [`skills`] works on skill folders, and
//! [`selectors`] looks at how pages are read. A tool is a function from arguments to a [`Plan`]; it looks at paths and
//! runs nothing. [`places`] says which paths a config will write to.

pub mod configs;
pub mod crawls;
pub mod outputs;
pub mod places;
pub mod selectors;
pub mod skills;

use std::any::Any;
use std::fmt;

use rmcp::model::{JsonObject, Tool as Definition, ToolAnnotations};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::mcp::answer::Shape;
use crate::mcp::desk::Weight;
use crate::mcp::error::ToolError;
use crate::mcp::roots::Roots;
use crate::mcp::schema::schema;

/// The most that the arguments of a call may be, in bytes of JSON.
const LARGEST_ARGUMENTS: usize = 64 << 10;

/// A command line of this program, and what becomes of its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The words after the program's name and its global options.
    pub words: Vec<String>,
    /// How long it takes.
    pub weight: Weight,
    /// What its result becomes.
    pub shape: Shape,
    /// A command line that says where the first would write, and the key of its result that does. It is run before.
    pub rehearsal: Option<(Vec<String>, &'static str)>,
}

impl Plan {
    /// A command that reads what is on the disk.
    fn short(words: Vec<String>, shape: Shape) -> Self {
        Self { words, weight: Weight::Short, shape, rehearsal: None }
    }

    /// A command that asks a site.
    fn long(words: Vec<String>) -> Self {
        Self { words, weight: Weight::Long, shape: Shape::Object, rehearsal: None }
    }
}

/// What a tool does to the world, for clients that ask before they let it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    /// It reads files.
    Reads,
    /// It asks a site and writes nothing.
    Asks,
    /// It writes files that were not there; the same call once more changes nothing.
    Adds,
    /// It asks a site and writes; what was made of the same site before is brought up to date.
    Builds,
    /// It asks a site and writes, and can be told to forget what was there.
    Rebuilds,
    /// It replaces files.
    Replaces,
}

/// From arguments to a command line.
type Planner = dyn Fn(JsonObject, &Roots) -> Result<Plan, ToolError> + Send + Sync;

/// A tool.
pub struct Tool {
    /// What clients are told of it.
    pub definition: Definition,
    plan: Box<Planner>,
}

impl fmt::Debug for Tool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Tool").field("name", &self.definition.name).finish_non_exhaustive()
    }
}

impl Tool {
    /// A tool that takes `I` and gives `O`.
    fn new<I: DeserializeOwned + JsonSchema + Any, O: JsonSchema + Any>(
        (name, title, effect): (&'static str, &'static str, Effect),
        description: &'static str,
        plan: fn(I, &Roots) -> Result<Plan, ToolError>,
    ) -> Self {
        let definition = Definition::new(name, description, schema::<I>())
            .with_title(title)
            .with_raw_output_schema(schema::<O>())
            .with_annotations(annotations(title, effect));
        let plan = move |arguments: JsonObject, roots: &Roots| plan(parse(name, arguments)?, roots);
        Self { definition, plan: Box::new(plan) }
    }

    /// The command line that a call means.
    ///
    /// # Errors
    ///
    /// A [`ToolError`] when arguments are missing, unknown, of another kind, too large, or name a path that may not be
    /// used.
    pub fn plan(&self, arguments: Option<JsonObject>, roots: &Roots) -> Result<Plan, ToolError> {
        let arguments = arguments.unwrap_or_default();
        let size = serde_json::to_string(&arguments).map_or(usize::MAX, |json| json.len());
        if size > LARGEST_ARGUMENTS {
            return Err(ToolError::new(format!("the arguments have {size} bytes"))
                .hint(format!("send at most {LARGEST_ARGUMENTS}")));
        }
        (self.plan)(arguments, roots)
    }
}

/// All tools, in the order in which they are used.
pub fn tools() -> Vec<Tool> {
    configs::tools()
        .into_iter()
        .chain(crawls::tools())
        .chain(skills::tools())
        .chain(selectors::tools())
        .collect()
}

fn annotations(title: &str, effect: Effect) -> ToolAnnotations {
    let reads = matches!(effect, Effect::Reads | Effect::Asks);
    let asks = matches!(effect, Effect::Asks | Effect::Builds | Effect::Rebuilds);
    let destroys = matches!(effect, Effect::Replaces | Effect::Rebuilds);
    ToolAnnotations::with_title(title)
        .read_only(reads)
        .destructive(destroys)
        .idempotent(!matches!(effect, Effect::Builds | Effect::Rebuilds))
        .open_world(asks)
}

fn parse<I: DeserializeOwned>(name: &str, arguments: JsonObject) -> Result<I, ToolError> {
    serde_path_to_error::deserialize(serde_json::Value::Object(arguments)).map_err(|error| {
        let path = error.path().to_string();
        let place = if path == "." { String::new() } else { format!(" in `{path}`") };
        ToolError::new(format!("the arguments of `{name}` are wrong{place}: {}", error.into_inner()))
            .hint(format!("the input schema of `{name}` in tools/list says what may be given"))
    })
}

/// Words of a command line, grown piece by piece.
struct Words(Vec<String>);

impl Words {
    fn new(command: &[&str]) -> Self {
        Self(command.iter().map(|word| (*word).to_owned()).collect())
    }

    /// An option with a value, where there is one. The two are one word, so that a value is never taken for an option.
    fn option(mut self, name: &str, value: Option<impl fmt::Display>) -> Self {
        self.0.extend(value.map(|value| format!("{name}={value}")));
        self
    }

    fn flag(mut self, name: &str, is_set: Option<bool>) -> Self {
        self.0.extend(is_set.unwrap_or(false).then(|| name.to_owned()));
        self
    }

    /// What stands for itself, at the end: after `--` nothing is taken for an option.
    fn end(mut self, words: impl IntoIterator<Item = String>) -> Vec<String> {
        self.0.push("--".to_owned());
        self.0.extend(words);
        self.0
    }
}

#[cfg(test)]
mod tests;
