//! Bytes that no client would send, over stdio: an error for each, and the server goes on.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::site::{add_slow_config, expect_nobody_in, folder, processes_in, site};

/// A server on pipes.
struct Server {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Server {
    fn start(work: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_skillcrawl"))
            .args(["mcp", "--json"])
            .current_dir(work)
            .env_remove("RUST_LOG")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        let mut server = Self { child, input, output };
        server.send(&json!({
            "jsonrpc": "2.0", "id": 0, "method": "initialize",
            "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
        }));
        assert_eq!(server.receive()["result"]["serverInfo"]["name"], "skillcrawl");
        server.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        server
    }

    fn send(&mut self, message: &Value) {
        self.send_line(message.to_string().as_bytes());
    }

    fn send_line(&mut self, line: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(line).and_then(|()| input.write_all(b"\n")).and_then(|()| input.flush()).unwrap();
    }

    /// The next message. Every line of standard output is one.
    fn receive(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
    }

    fn call(&mut self, id: u32, name: &str, arguments: &Value) {
        let params = json!({"name": name, "arguments": arguments, "_meta": {"progressToken": id}});
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params}));
    }
}

#[test]
fn messages_that_are_none_are_answered_one_by_one() {
    let site = site(1);
    let (work, _sandbox) = folder(&site);
    let mut server = Server::start(&work);
    let mut check = |line: &[u8], code: i64, id: Value| {
        server.send_line(line);
        let answer = server.receive();
        assert_eq!((&answer["error"]["code"], &answer["id"]), (&json!(code), &id), "{answer}");
        assert!(answer["error"]["message"].as_str().is_some_and(|text| !text.is_empty()), "{answer}");
    };
    check(b"{\"jsonrpc\": \"2.0\", ", -32700, Value::Null);
    check(b"\xff\xfe", -32700, Value::Null);
    check(b"[]", -32600, Value::Null);
    check(b"{\"jsonrpc\":\"2.0\",\"id\":1}", -32600, json!(1));
    check(b"{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"no/such\"}", -32601, json!(2));
    check(b"{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/call\"}", -32602, json!(3));
    check(
        b"{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"tools/call\",\"params\":{\"name\":5}}",
        -32602,
        json!(4),
    );
    check(
        b"{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"tools/call\",\"params\":{\"name\":\"list_configs\",\"arguments\":[]}}",
        -32602,
        json!(5),
    );
    check(
        b"{\"jsonrpc\":\"2.0\",\"id\":6,\"method\":\"tools/call\",\"params\":{\"name\":\"rm\"}}",
        -32602,
        json!(6),
    );
    let long = vec![b'x'; 5 << 20];
    check(&long, -32600, Value::Null);
    server.call(9, "list_configs", &json!({}));
    assert_eq!(server.receive()["result"]["structuredContent"]["total"], 2);
    drop(server.input.take());
    assert!(server.child.wait().unwrap().success());
    expect_nobody_in(&work);
}

#[test]
fn the_end_of_input_ends_what_runs() {
    let site = site(200);
    let (work, _sandbox) = folder(&site);
    add_slow_config(&work, &site, "never");
    let mut server = Server::start(&work);
    server.call(1, "scrape_docs", &json!({"config_path": "slow"}));
    while server.receive()["params"]["progress"].as_f64().is_none_or(|pages| pages < 1.0) {}
    assert!(processes_in(&work).len() >= 2);
    drop(server.input.take());
    assert!(server.child.wait().unwrap().success());
    expect_nobody_in(&work);
}

#[test]
fn a_server_that_is_killed_leaves_no_crawl() {
    let site = site(200);
    let (work, _sandbox) = folder(&site);
    add_slow_config(&work, &site, "never");
    let mut server = Server::start(&work);
    server.call(1, "scrape_docs", &json!({"config_path": "slow"}));
    while server.receive()["params"]["progress"].as_f64().is_none_or(|pages| pages < 1.0) {}
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    expect_nobody_in(&work);
}
