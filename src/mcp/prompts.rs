//! Prompts: ways to use the tools, for a person to choose. The texts are in `prompts/`.

use rmcp::model::{ErrorData, GetPromptResult, JsonObject, Prompt, PromptArgument, PromptMessage, Role};

/// The longest argument that is put into a text, in characters.
const LONGEST: usize = 2000;

/// A prompt with its text.
struct Template {
    name: &'static str,
    title: &'static str,
    description: &'static str,
    /// Name, description, and what stands for an argument that is left out; without that it is required.
    arguments: &'static [(&'static str, &'static str, Option<&'static str>)],
    text: &'static str,
}

const TEMPLATES: [Template; 3] = [
    Template {
        name: "write_config",
        title: "Write a config for a documentation site",
        description: "From an address to a config that is checked, estimated and ready to be crawled.",
        arguments: &[
            ("url", "Where the documentation is", None),
            ("name", "The skill's name", Some("a short name that fits the site")),
            ("purpose", "What the skill is for", Some("what the site documents")),
        ],
        text: include_str!("prompts/write_config.md"),
    },
    Template {
        name: "tune_selectors",
        title: "Tune the selectors of a config",
        description: "From pages that came out wrong to selectors that fit, without asking the site again.",
        arguments: &[
            ("config", "The config: a path or a name", None),
            ("problem", "What is wrong with the pages", Some("not known yet")),
        ],
        text: include_str!("prompts/tune_selectors.md"),
    },
    Template {
        name: "review_skill",
        title: "Review a skill",
        description: "Whether a built skill is good enough to be used, and what to change.",
        arguments: &[("skill_dir", "The skill folder, as output/axolotl/", None)],
        text: include_str!("prompts/review_skill.md"),
    },
];

/// What clients are told of the prompts.
pub fn list() -> Vec<Prompt> {
    let argument = |(name, description, default): &(&str, &str, Option<&str>)| {
        PromptArgument::new(*name).with_description(*description).with_required(default.is_none())
    };
    TEMPLATES
        .iter()
        .map(|template| {
            let arguments = template.arguments.iter().map(argument).collect();
            Prompt::new(template.name, Some(template.description), Some(arguments)).with_title(template.title)
        })
        .collect()
}

/// A prompt with its arguments in place.
///
/// # Errors
///
/// [`ErrorData`] when there is no such prompt, or an argument is missing, unknown or no short text.
pub fn get(name: &str, arguments: Option<&JsonObject>) -> Result<GetPromptResult, ErrorData> {
    let wrong = |message: String| ErrorData::invalid_params(message, None);
    let template = TEMPLATES.iter().find(|template| template.name == name);
    let template = template.ok_or_else(|| wrong(format!("there is no prompt `{name}`")))?;
    let given = |wanted: &str| arguments.and_then(|arguments| arguments.get(wanted));
    if let Some(odd) = arguments
        .into_iter()
        .flat_map(JsonObject::keys)
        .find(|key| template.arguments.iter().all(|(name, _, _)| name != key))
    {
        return Err(wrong(format!("the prompt `{name}` has no argument `{odd}`")));
    }
    let mut text = template.text.to_owned();
    for (argument, _, default) in template.arguments {
        let value = match (given(argument), default) {
            (Some(value), _) => value
                .as_str()
                .filter(|value| value.chars().count() <= LONGEST)
                .ok_or_else(|| wrong(format!("`{argument}` is no text of at most {LONGEST} characters")))?,
            (None, Some(default)) => default,
            (None, None) => return Err(wrong(format!("the prompt `{name}` needs `{argument}`"))),
        };
        text = text.replace(&format!("{{{argument}}}"), value);
    }
    let message = PromptMessage::new_text(Role::User, text);
    Ok(GetPromptResult::new(vec![message]).with_description(template.description))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{TEMPLATES, get, list};

    #[test]
    fn arguments_are_put_into_the_text() {
        let arguments = json!({"url": "https://docs.example/"});
        let result = get("write_config", arguments.as_object()).unwrap();
        let text = serde_json::to_string(&result.messages).unwrap();
        assert!(text.contains("https://docs.example/") && text.contains("generate_config"), "{text}");
        for template in &TEMPLATES {
            for (name, _, _) in template.arguments {
                assert!(
                    template.text.contains(&format!("{{{name}}}")),
                    "{} does not use {name}",
                    template.name
                );
            }
        }
        assert_eq!(list().len(), TEMPLATES.len());
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(get("nothing", None).is_err());
        assert!(get("review_skill", None).unwrap_err().message.contains("skill_dir"));
        assert!(get("review_skill", json!({"skill_dir": 5}).as_object()).is_err());
        assert!(get("review_skill", json!({"skill_dir": "a", "odd": "b"}).as_object()).is_err());
    }
}
