//! A JavaScript world of our own in a page: same document, other globals. The page can neither see nor break it.

use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::page::{CreateIsolatedWorldParams, FrameId};
use chromiumoxide::cdp::js_protocol::runtime::{EvaluateParams, ExecutionContextId};
use serde::de::DeserializeOwned;

use super::session::{CallError, Session};

/// The name under which a document finds it again.
pub(super) const NAME: &str = "skillcrawl";
const OPEN_DEADLINE: Duration = Duration::from_secs(30);

/// An isolated world of one document; it ends with the document.
#[derive(Debug)]
pub(super) struct World {
    session: Session,
    context: ExecutionContextId,
}

impl World {
    /// Opens the world in the document that the frame shows now.
    pub(super) async fn open(session: &Session, frame: &str) -> Result<Self, CallError> {
        let mut params = CreateIsolatedWorldParams::new(FrameId::new(frame));
        params.world_name = Some(NAME.to_owned());
        let context = session.call(params, OPEN_DEADLINE).await?.execution_context_id;
        Ok(Self { session: session.clone(), context })
    }

    /// Evaluates an expression, awaits it if it is a promise, and reads its value.
    pub(super) async fn evaluate<T: DeserializeOwned>(
        &self,
        expression: String,
        within: Duration,
    ) -> Result<T, CallError> {
        let mut params = EvaluateParams::new(expression);
        params.context_id = Some(self.context);
        params.await_promise = Some(true);
        params.return_by_value = Some(true);
        let answer = self.session.call(params, within).await?;
        if let Some(exception) = answer.exception_details {
            let described = exception.exception.and_then(|thrown| thrown.description);
            return Err(CallError::Script { message: described.unwrap_or(exception.text) });
        }
        serde_json::from_value(answer.result.value.unwrap_or_default())
            .map_err(|cause| CallError::Shape { method: "Runtime.evaluate".to_owned(), cause })
    }
}
