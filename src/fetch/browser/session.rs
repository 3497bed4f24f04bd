//! A small client of the Chrome DevTools Protocol on chromiumoxide's public `Connection`.
//!
//! One task owns the socket: it sends typed commands to sessions, hands each answer to whoever asked, and each event
//! to the listener of its session. The crate's own `Page` and `Handler` are not used: their `goto` waits for the
//! `load` of every frame under a fixed limit, and stalls on an open `alert` or a frame that never answers.
//!
//! No call waits for ever: each has a deadline, and all of them end when the socket does.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chromiumoxide::types::{CallId, Command, EventMessage, Message, Method, MethodId};
use chromiumoxide::{Connection, error::CdpError};
use futures::StreamExt;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot, watch};

/// Why a command has no usable answer.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The browser's process or its socket ended.
    #[error("the browser is gone")]
    Gone,
    /// No answer came in time.
    #[error("`{method}` was not answered within {} ms", within.as_millis())]
    Deadline {
        /// The command.
        method: String,
        /// How long the answer was waited for.
        within: Duration,
    },
    /// The browser refused the command.
    #[error("`{method}` was refused: {message}")]
    Refused {
        /// The command.
        method: String,
        /// What the browser said.
        message: String,
    },
    /// A script of ours threw in the page.
    #[error("a script failed in the page: {message}")]
    Script {
        /// What was thrown.
        message: String,
    },
    /// The command or its answer is not of the shape that the protocol describes.
    #[error("`{method}` could not be read")]
    Shape {
        /// The command.
        method: String,
        /// What the JSON parser said.
        #[source]
        cause: serde_json::Error,
    },
}

/// An event as it came: the typed enum of the crate knows neither every event nor every value of today's Chromium.
#[derive(Debug, Deserialize)]
pub(super) struct Event {
    /// As `Fetch.requestPaused`.
    pub(super) method: String,
    /// The session it belongs to; `None` for the browser itself.
    #[serde(rename = "sessionId")]
    pub(super) session: Option<String>,
    /// Its content.
    #[serde(default)]
    pub(super) params: Value,
}

impl Method for Event {
    fn identifier(&self) -> MethodId {
        self.method.clone().into()
    }
}

impl EventMessage for Event {
    fn session_id(&self) -> Option<&str> {
        self.session.as_deref()
    }
}

/// Is handed the events of a session, in order; answers `false` once nobody listens any more.
pub(super) type Listener = Arc<dyn Fn(Event) -> bool + Send + Sync>;

/// The browser's end of the socket; cheap to clone. The socket closes with the last clone.
#[derive(Clone, Debug)]
pub(super) struct Client {
    outgoing: mpsc::UnboundedSender<Outgoing>,
    ended: watch::Receiver<bool>,
}

/// Where commands go: to one attached target, or to the browser as a whole.
#[derive(Clone, Debug)]
pub(super) struct Session {
    client: Client,
    id: Option<String>,
}

enum Outgoing {
    Call { method: MethodId, session: Option<String>, params: Value, answer: Option<Answer> },
    Listen { session: String, listener: Listener },
}

type Answer = oneshot::Sender<Result<Value, String>>;

impl Client {
    /// Connects to the browser's WebSocket and starts the task that owns it.
    pub(super) async fn connect(address: &str) -> Result<Self, CdpError> {
        let connection = Connection::<Event>::connect(address).await?;
        let (outgoing, commands) = mpsc::unbounded_channel();
        let (end, ended) = watch::channel(false);
        tokio::spawn(async move {
            Pump { connection, waiting: HashMap::new(), listeners: HashMap::new() }.run(commands).await;
            end.send_replace(true);
        });
        Ok(Self { outgoing, ended })
    }

    /// The session of the browser itself.
    pub(super) fn browser(&self) -> Session {
        Session { client: self.clone(), id: None }
    }

    /// The session of an attached target.
    pub(super) fn session(&self, id: impl Into<String>) -> Session {
        Session { client: self.clone(), id: Some(id.into()) }
    }

    /// Sends the events of a session, and of the sessions that it attaches to, to `listener`. The browser's own
    /// session has the empty id.
    pub(super) fn listen(&self, session: impl Into<String>, listener: Listener) {
        // A closed channel means the browser is gone, which every later call reports.
        let _ = self.outgoing.send(Outgoing::Listen { session: session.into(), listener });
    }

    /// Ends when the socket does.
    pub(super) async fn gone(&self) {
        // An error means that the task which owned the socket is gone, and the socket with it.
        let _ = self.ended.clone().wait_for(|ended| *ended).await;
    }

    /// Whether the socket ended.
    pub(super) fn is_gone(&self) -> bool {
        *self.ended.borrow() || self.outgoing.is_closed()
    }
}

impl Session {
    /// Sends a command and awaits its answer.
    pub(super) async fn call<C: Command>(
        &self,
        command: C,
        within: Duration,
    ) -> Result<C::Response, CallError> {
        let method = command.identifier();
        let (answer, answered) = oneshot::channel();
        self.send(command, Some(answer))?;
        let answer = tokio::time::timeout(within, answered)
            .await
            .map_err(|_| CallError::Deadline { method: method.to_string(), within })?
            .map_err(|_| CallError::Gone)?
            .map_err(|message| CallError::Refused { method: method.to_string(), message })?;
        C::response_from_value(answer).map_err(|cause| CallError::Shape { method: method.to_string(), cause })
    }

    /// Sends a command whose answer nobody needs.
    pub(super) fn tell<C: Command>(&self, command: C) {
        // It fails only where the browser is gone, and then there is nobody to be told.
        let _ = self.send(command, None);
    }

    fn send<C: Command>(&self, command: C, answer: Option<Answer>) -> Result<(), CallError> {
        let method = command.identifier();
        let params = serde_json::to_value(command)
            .map_err(|cause| CallError::Shape { method: method.to_string(), cause })?;
        self.client
            .outgoing
            .send(Outgoing::Call { method, session: self.id.clone(), params, answer })
            .map_err(|_| CallError::Gone)
    }
}

/// The task that owns the socket. Dropping it drops every waiting answer, which ends their calls.
struct Pump {
    connection: Connection<Event>,
    waiting: HashMap<CallId, Answer>,
    listeners: HashMap<String, Listener>,
}

impl Pump {
    async fn run(mut self, mut commands: mpsc::UnboundedReceiver<Outgoing>) {
        loop {
            tokio::select! {
                outgoing = commands.recv() => match outgoing {
                    Some(outgoing) => self.submit(outgoing),
                    None => return,
                },
                incoming = self.connection.next() => match incoming {
                    Some(Ok(Message::Response(response))) => {
                        let Some(answer) = self.waiting.remove(&response.id) else { continue };
                        // Whoever asked may have stopped waiting.
                        let _ = answer.send(match response.error {
                            Some(error) => Err(error.message),
                            None => Ok(response.result.unwrap_or_default()),
                        });
                    }
                    Some(Ok(Message::Event(event))) => self.dispatch(event),
                    // A message that is no JSON of the protocol is nobody's answer; the call's deadline covers it.
                    Some(Err(CdpError::InvalidMessage(..) | CdpError::UnexpectedWsMessage(_))) => {}
                    Some(Err(_)) | None => return,
                },
            }
        }
    }

    fn submit(&mut self, outgoing: Outgoing) {
        match outgoing {
            Outgoing::Call { method, session, params, answer } => {
                // It fails for unserialisable parameters only; then the dropped `answer` ends the call.
                let id = self.connection.submit_command(method, session.map(Into::into), params);
                if let (Ok(id), Some(answer)) = (id, answer) {
                    self.waiting.insert(id, answer);
                }
            }
            Outgoing::Listen { session, listener } => {
                self.listeners.insert(session, listener);
            }
        }
    }

    /// Hands an event on. A session that a listened-to session attaches to shares its listener from the start, so that
    /// no event of a frame or worker is missed in between.
    fn dispatch(&mut self, event: Event) {
        let session = event.session.clone().unwrap_or_default();
        let Some(listener) = self.listeners.get(&session).cloned() else { return };
        let child = event.params.get("sessionId").and_then(Value::as_str);
        match (event.method.as_str(), child) {
            ("Target.attachedToTarget", Some(child)) => {
                self.listeners.insert(child.to_owned(), Arc::clone(&listener));
            }
            ("Target.detachedFromTarget", Some(child)) => {
                self.listeners.remove(child);
            }
            _ => {}
        }
        if !listener(event) {
            self.listeners.remove(&session);
        }
    }
}
