//! What our world in a page can do: `skillcrawl.settle`, `skillcrawl.interact`, `skillcrawl.snapshot` and
//! `skillcrawl.lead`.
//!
//! Each document of a tab gets it at its start, before there is anything in it. Sending it along with every page cost more
//! than all other messages together. Where another page comes in the same document, all of it begins anew there.

use std::sync::Arc;
use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::page::AddScriptToEvaluateOnNewDocumentParams;

use super::interact::Interactions;
use super::session::CallError;
use super::world::{NAME, World};

const DEFINE_DEADLINE: Duration = Duration::from_secs(30);

const SCRIPTS: &str = concat!(
    include_str!("settle.js"),
    "\n",
    include_str!("interact.js"),
    "\n",
    include_str!("interact_tabs.js"),
    "\n",
    include_str!("interact_routes.js"),
    "\n",
    include_str!("snapshot.js"),
    "\n",
    include_str!("quiet.js"),
    "\n",
    include_str!("route.js"),
);

/// The scripts of one browser; cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Definitions(Arc<str>);

impl Definitions {
    /// With the rules of a crawl, which are the same on each page.
    pub(super) fn new(interactions: &Interactions) -> Self {
        // Frames are read from the page that they are in.
        let rules = interactions.rules();
        // An element of the page with this very name is a property of the global object too, but not its own.
        Self(
            format!(
                "if (window === window.top && !Object.hasOwn(globalThis, 'skillcrawl')) {{\n\
                 const define = (begins) => {{\n\
                 globalThis.skillcrawl = {{ begins, rules: {rules} }};\n\
                 {SCRIPTS}\n\
                 skillcrawl.renew = () => {{ skillcrawl.end(); define(performance.now()); return true; }};\n\
                 }};\ndefine(0);\n}}\ntrue"
            )
            .into(),
        )
    }

    /// Has every new document begin with them.
    pub(super) fn on_new_document(&self) -> AddScriptToEvaluateOnNewDocumentParams {
        let mut script = AddScriptToEvaluateOnNewDocumentParams::new(&*self.0);
        script.world_name = Some(NAME.to_owned());
        script
    }

    /// Sees to it that they are there: a document that came another way than by a navigation has not got them.
    pub(super) async fn ensure(&self, world: &World) -> Result<(), CallError> {
        let there = "Object.hasOwn(globalThis, 'skillcrawl')".to_owned();
        if !world.evaluate::<bool>(there, DEFINE_DEADLINE).await? {
            let _: bool = world.evaluate(self.0.to_string(), DEFINE_DEADLINE).await?;
        }
        Ok(())
    }

    /// Begins anew in a document that shows another page from now on.
    pub(super) async fn renew(&self, world: &World) -> Result<(), CallError> {
        self.ensure(world).await?;
        let _: bool = world.evaluate("skillcrawl.renew()".to_owned(), DEFINE_DEADLINE).await?;
        Ok(())
    }
}
