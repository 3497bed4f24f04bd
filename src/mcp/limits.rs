//! Which roots count for a request: how a client is asked for them, and when.
#![expect(
    deprecated,
    reason = "roots are what clients of today limit a server by; SEP-2577 names nothing in their place yet"
)]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rmcp::RoleServer;
use rmcp::model::{
    ErrorData, InputRequest, InputRequests, InputRequiredResult, InputResponses, ListRootsRequest,
    ListRootsResult, ProtocolVersion,
};
use rmcp::service::RequestContext;
use tokio::sync::RwLock;

use crate::mcp::desk::{Desk, Trust};
use crate::mcp::roots::Roots;

/// How long a client may take to say which roots it has.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// The name of the question in an answer that asks back.
const QUESTION: &str = "roots";

/// What may be used, as far as it is known.
#[derive(Debug)]
pub enum Limit {
    /// These folders.
    Known(Arc<Roots>),
    /// The client has to say first.
    Asked(InputRequiredResult),
}

/// The limits of a session.
#[derive(Clone, Debug)]
pub struct Limits {
    desk: Arc<Desk>,
    /// The roots of a client that was asked; empty again after it said that they have changed.
    kept: Arc<RwLock<Option<Arc<Roots>>>>,
}

impl Limits {
    /// Nothing is known yet.
    pub fn new(desk: Arc<Desk>) -> Self {
        Self { desk, kept: Arc::default() }
    }

    /// Forgets what the client said.
    pub async fn forget(&self) {
        *self.kept.write().await = None;
    }

    /// The limit of a request. Where requests stand by themselves (MCP 2026-07-28) the client is asked in the answer, and
    /// sends the request once more with what it has `answered`; else it is asked once a session.
    ///
    /// # Errors
    ///
    /// [`ErrorData`] when what it answered names no roots.
    pub async fn of(
        &self,
        answered: Option<&InputResponses>,
        context: &RequestContext<RoleServer>,
    ) -> Result<Limit, ErrorData> {
        let gives_roots = context.client_capabilities().is_some_and(|able| able.roots.is_some());
        if !gives_roots {
            return Ok(Limit::Known(Arc::new(Roots::working_folder(&self.desk.folder))));
        }
        if !stands_by_itself(context) {
            return Ok(Limit::Known(self.of_session(context).await));
        }
        let Some(answers) = answered else { return Ok(Limit::Asked(question())) };
        let answer = answers.get(QUESTION).cloned().and_then(|answer| serde_json::from_value(answer).ok());
        match answer {
            Some(answer) => Ok(Limit::Known(Arc::new(self.of_answer(&answer)))),
            None => Err(ErrorData::invalid_params("the answer names no roots", None)),
        }
    }

    async fn of_session(&self, context: &RequestContext<RoleServer>) -> Arc<Roots> {
        if let Some(roots) = self.kept.read().await.as_ref() {
            return Arc::clone(roots);
        }
        let mut kept = self.kept.write().await;
        if let Some(roots) = kept.as_ref() {
            return Arc::clone(roots);
        }
        let asked = tokio::time::timeout(ANSWER_WITHIN, context.peer.list_roots()).await;
        let Ok(Ok(answer)) = asked else {
            // It has roots and does not name them, so nothing may be used. It is asked again with the next request.
            return Arc::new(Roots::of_client(&[], &self.desk.folder));
        };
        let roots = Arc::new(self.of_answer(&answer));
        *kept = Some(Arc::clone(&roots));
        roots
    }

    /// What a client's roots allow; the working folder where it has none.
    fn of_answer(&self, answer: &ListRootsResult) -> Roots {
        let folder = &self.desk.folder;
        if answer.roots.is_empty() {
            return Roots::working_folder(folder);
        }
        let path = |uri: &str| url::Url::parse(uri).ok()?.to_file_path().ok();
        let folders: Vec<PathBuf> = answer.roots.iter().filter_map(|root| path(&root.uri)).collect();
        match self.desk.trust {
            Trust::Starter => Roots::of_client(&folders, folder),
            Trust::Stranger => Roots::within(&folders, folder),
        }
    }
}

fn stands_by_itself(context: &RequestContext<RoleServer>) -> bool {
    context.protocol_version().is_some_and(|version| version >= ProtocolVersion::V_2026_07_28)
}

fn question() -> InputRequiredResult {
    let question = InputRequest::ListRoots(ListRootsRequest::default());
    InputRequiredResult::new(Some(InputRequests::from([(QUESTION.to_owned(), question)])), None)
}
