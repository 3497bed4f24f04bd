//! Asks a viewer of API descriptions for the description that it was handed by a script, as text in the document.

use std::time::Duration;

use chromiumoxide::cdp::js_protocol::runtime::EvaluateParams;

use super::session::Session;

const PROBE: &str = include_str!("probe.js");
const PROBE_DEADLINE: Duration = Duration::from_secs(10);

/// The description that the page holds, as an element to stand at the end of its HTML: data for whoever reads that, and
/// nothing that is shown. It is asked of the page's own world and may be anything; a page that does not answer holds
/// none.
pub(super) async fn held_description(session: &Session) -> Option<String> {
    let mut params = EvaluateParams::new(PROBE);
    params.return_by_value = Some(true);
    let answer = session.call(params, PROBE_DEADLINE).await.ok()?;
    let text = answer.result.value.as_ref()?.as_str()?;
    // In JSON the escape means the same; YAML that would end the element is left out.
    let is_json = text.trim_start().starts_with('{');
    let text = if is_json { text.replace('<', "\\u003c") } else { text.to_owned() };
    let fits = !text.to_ascii_lowercase().contains("</script");
    fits.then(|| format!("<script type=\"application/openapi\">{text}</script>"))
}
