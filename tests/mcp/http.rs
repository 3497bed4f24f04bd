//! The server over HTTP: who may come in, and how it ends.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::chrome::chrome;
use crate::site::{expect_nobody_in, folder, processes_in, site};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}"#;

/// A server that listens; it is interrupted when this is dropped.
pub struct HttpServer {
    child: Child,
    address: String,
}

impl HttpServer {
    /// Starts it in a folder and waits until it listens.
    pub fn start(work: &Path, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_skillcrawl"))
            .args(["mcp", "--http", "127.0.0.1:0", "--folder", "work"])
            .args(arguments)
            .current_dir(work.parent().unwrap())
            .env("NO_COLOR", "1")
            .env("SKILLCRAWL_CHROME", chrome())
            .env_remove("RUST_LOG")
            .env_remove("SKILLCRAWL_MCP_TOKEN")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        stderr.read_line(&mut line).unwrap();
        let address =
            line.trim().strip_prefix("serving MCP at http://").and_then(|rest| rest.strip_suffix("/mcp"));
        let address = address.unwrap_or_else(|| panic!("{line}")).to_owned();
        // Nobody else reads it, and a pipe that is full would hold the server up.
        std::thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::sink()));
        Self { child, address }
    }

    /// Where clients connect to.
    pub fn url(&self) -> String {
        format!("http://{}/mcp", self.address)
    }

    /// Fails the test unless every process but the server's own ends.
    #[track_caller]
    pub fn expect_nobody_but_it(&self, work: &Path) {
        let begun = Instant::now();
        while processes_in(work).len() > 1 {
            assert!(begun.elapsed() < Duration::from_secs(90), "{:#?}", processes_in(work));
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Sends a request with these header lines and gives the status and the rest of the answer.
    fn post(&self, headers: &[&str], body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let has_host = headers.iter().any(|line| line.to_lowercase().starts_with("host:"));
        let host = if has_host { String::new() } else { format!("Host: {}\r\n", self.address) };
        let lines: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
        let head = format!(
            "POST /mcp HTTP/1.1\r\n{host}{lines}Content-Type: application/json\r\n\
             Accept: application/json, text/event-stream\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        // A server that refuses by the head alone may close before it has read the body.
        let _ = stream.write_all(body.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.take(1 << 16).read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        (status.unwrap_or_else(|| panic!("no answer: {answer}")), answer)
    }
}

impl Drop for HttpServer {
    fn drop(&mut self) {
        let pid = rustix::process::Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::INT);
        let _ = self.child.wait();
    }
}

#[test]
fn only_who_should_comes_in() {
    let site = site(1);
    let (work, _sandbox) = folder(&site);
    let token_file = work.join("token");
    std::fs::write(&token_file, format!("{TOKEN}\n")).unwrap();
    let server = HttpServer::start(&work, &[]);
    let check = |headers: &[&str], status: u16| {
        let (code, answer) = server.post(headers, INITIALIZE);
        assert_eq!(code, status, "{headers:?}: {answer}");
    };
    check(&[], 200);
    check(&["Origin: http://evil.example"], 403);
    check(&["Origin: null"], 403);
    check(&["Host: evil.example"], 403);
    check(&["Host: localhost"], 200);
    let (code, _) = server.post(&[], "{\"jsonrpc\": ");
    assert!((400..500).contains(&code), "{code}");
    let (code, _) = server.post(&[], &format!("{{\"jsonrpc\":\"2.0\",\"x\":\"{}\"}}", "y".repeat(5 << 20)));
    assert_eq!(code, 413);
    check(&[], 200);
    drop(server);

    let server =
        HttpServer::start(&work, &["--token-file", "work/token", "--allow-origin", "http://localhost:3000"]);
    let check = |headers: &[&str], status: u16| {
        let (code, answer) = server.post(headers, INITIALIZE);
        assert_eq!(code, status, "{headers:?}: {answer}");
    };
    let right = format!("Authorization: Bearer {TOKEN}");
    check(&[], 401);
    check(&["Authorization: Bearer wrong"], 401);
    check(&["Authorization: Basic 0123456789abcdef0123456789abcdef"], 401);
    check(&[&right], 200);
    check(&[&right, "Origin: http://localhost:3000"], 200);
    check(&[&right, "Origin: http://localhost:3001"], 403);
    drop(server);
    expect_nobody_in(&work);
}

#[test]
fn other_machines_are_let_in_only_with_leave_and_a_token() {
    let site = site(1);
    let (work, _sandbox) = folder(&site);
    std::fs::write(work.join("short"), "short").unwrap();
    let refused = |arguments: &[&str], said: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_skillcrawl"))
            .arg("mcp")
            .args(arguments)
            .current_dir(&work)
            .env_remove("SKILLCRAWL_MCP_TOKEN")
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(said) && stderr.contains("hint: ") && output.stdout.is_empty(), "{stderr}");
    };
    refused(&["--http", "0.0.0.0:0"], "can be reached by other machines");
    refused(&["--http", "0.0.0.0:0", "--allow-remote"], "can be reached by other machines");
    refused(&["--http", "127.0.0.1:0", "--token-file", "short"], "shorter than 16");
}
