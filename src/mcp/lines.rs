//! The protocol over standard input and output: a message a line (MCP, stdio transport).
//!
//! The SDK's own transport passes over what it cannot read, so that a client would wait for an answer for ever. Here each
//! such line is answered as JSON-RPC 2.0 §5.1 has it.

use std::io;
use std::sync::Arc;

use rmcp::RoleServer;
use rmcp::model::{ClientJsonRpcMessage, ErrorCode, ServerJsonRpcMessage};
use rmcp::transport::Transport;
use serde_json::{Value, json};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::Mutex;

/// The longest message, in bytes.
pub const LONGEST_MESSAGE: usize = 4 << 20;

/// Messages as lines.
pub struct Lines<R, W> {
    input: BufReader<R>,
    output: Arc<Mutex<W>>,
    /// The line that is being read. A read that is broken off goes on where it was.
    line: Vec<u8>,
    is_too_long: bool,
}

impl<R: AsyncRead + Unpin, W: AsyncWrite + Unpin> Lines<R, W> {
    /// Reads from `input` and writes to `output`.
    pub fn new(input: R, output: W) -> Self {
        let output = Arc::new(Mutex::new(output));
        Self { input: BufReader::new(input), output, line: Vec::new(), is_too_long: false }
    }

    /// Reads up to the end of a line into `self.line`; `false` at the end of the input.
    async fn read_line(&mut self) -> io::Result<bool> {
        loop {
            let available = self.input.fill_buf().await?;
            if available.is_empty() {
                // What is left has no end of line, so it is no message.
                return Ok(false);
            }
            let end = available.iter().position(|byte| *byte == b'\n');
            let taken = end.unwrap_or(available.len());
            if self.line.len() + taken > LONGEST_MESSAGE {
                self.is_too_long = true;
                self.line.clear();
            }
            if !self.is_too_long {
                self.line.extend(available.iter().take(taken));
            }
            let used = end.map_or(taken, |end| end + 1);
            consume(&mut self.input, used);
            if end.is_some() {
                return Ok(true);
            }
        }
    }

    /// The message in the line that was read; `None` for what needs no answer.
    fn parse(&mut self) -> Result<Option<ClientJsonRpcMessage>, Value> {
        let line = std::mem::take(&mut self.line);
        if std::mem::take(&mut self.is_too_long) {
            let message = format!("the message is longer than {LONGEST_MESSAGE} bytes");
            return Err(refusal(&Value::Null, ErrorCode::INVALID_REQUEST, &message));
        }
        if line.trim_ascii().is_empty() {
            return Ok(None);
        }
        let value: Value = serde_json::from_slice(&line)
            .map_err(|cause| refusal(&Value::Null, ErrorCode::PARSE_ERROR, &format!("no JSON: {cause}")))?;
        // Notifications get no answer, not even those that are not understood.
        let is_notification = value.get("method").is_some() && value.get("id").is_none();
        match serde_json::from_value(value.clone()) {
            Ok(message) => Ok(Some(message)),
            Err(_) if is_notification => Ok(None),
            Err(_) => {
                let id = value.get("id").filter(|id| id.is_string() || id.is_number());
                let message = "this is no message of the protocol: its fields are missing or of another kind";
                Err(refusal(id.unwrap_or(&Value::Null), ErrorCode::INVALID_REQUEST, message))
            }
        }
    }
}

fn consume(input: &mut (impl AsyncBufRead + Unpin), bytes: usize) {
    std::pin::Pin::new(input).consume(bytes);
}

fn refusal(id: &Value, code: ErrorCode, message: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code.0, "message": message } })
}

async fn write_line(output: &Mutex<impl AsyncWrite + Unpin>, mut line: Vec<u8>) -> io::Result<()> {
    line.push(b'\n');
    let mut output = output.lock().await;
    output.write_all(&line).await?;
    output.flush().await
}

impl<R, W> Transport<RoleServer> for Lines<R, W>
where
    R: AsyncRead + Send + Unpin,
    W: AsyncWrite + Send + Unpin + 'static,
{
    type Error = io::Error;

    fn send(
        &mut self,
        message: ServerJsonRpcMessage,
    ) -> impl Future<Output = io::Result<()>> + Send + 'static {
        let output = Arc::clone(&self.output);
        async move { write_line(&output, serde_json::to_vec(&message)?).await }
    }

    async fn receive(&mut self) -> Option<ClientJsonRpcMessage> {
        loop {
            if !self.read_line().await.ok()? {
                return None;
            }
            match self.parse() {
                Ok(Some(message)) => return Some(message),
                Ok(None) => {}
                Err(answer) => {
                    // A client that does not read its answers any more is gone. The write is not broken off by what
                    // else the server does: half an answer would spoil all that follow.
                    let output = Arc::clone(&self.output);
                    let line = answer.to_string().into_bytes();
                    tokio::spawn(async move { write_line(&output, line).await });
                }
            }
        }
    }

    async fn close(&mut self) -> io::Result<()> {
        self.output.lock().await.flush().await
    }
}

#[cfg(test)]
mod tests {
    use rmcp::transport::Transport;
    use tokio::io::AsyncReadExt;

    use super::{LONGEST_MESSAGE, Lines};

    /// What a server answers to lines that it cannot read, before it reads one that it can.
    async fn refusals(input: &[u8]) -> String {
        let (mut reader, writer) = tokio::io::duplex(1 << 16);
        let ping = b"{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"ping\"}\n";
        let input = [input, ping].concat();
        let mut lines = Lines::new(input.as_slice(), writer);
        assert!(lines.receive().await.is_some());
        assert!(lines.receive().await.is_none());
        tokio::task::yield_now().await;
        drop(lines);
        let mut answers = String::new();
        reader.read_to_string(&mut answers).await.unwrap();
        answers
    }

    #[tokio::test]
    async fn what_is_no_message_is_answered_and_reading_goes_on() {
        let answers =
            refusals(b"{\"jsonrpc\":\n\n{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":5}\n{\"method\":\"odd\"}\n")
                .await;
        let lines: Vec<&str> = answers.lines().collect();
        assert_eq!(lines.len(), 2, "{answers}");
        assert!(lines[0].contains("-32700") && lines[0].contains("\"id\":null"), "{answers}");
        assert!(lines[1].contains("-32600") && lines[1].contains("\"id\":7"), "{answers}");
    }

    #[tokio::test]
    async fn a_line_without_end_is_not_kept() {
        let mut long = vec![b'x'; LONGEST_MESSAGE + 1];
        long.push(b'\n');
        let answers = refusals(&long).await;
        assert!(answers.contains("longer than"), "{answers}");
    }
}
