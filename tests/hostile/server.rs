//! A loopback server that answers byte by byte as a test says, which no well-behaved framework would do.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// What is done with a connection once its request was read.
pub type Reply = Arc<dyn Fn(&mut TcpStream) + Send + Sync>;

/// A running server. Its threads end with the test program.
pub struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Answers paths (without their query) by these replies, and everything else with 404.
    pub fn start(replies: impl IntoIterator<Item = (String, Reply)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let replies: Arc<BTreeMap<String, Reply>> = Arc::new(replies.into_iter().collect());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (replies, log) = (Arc::clone(&replies), Arc::clone(&log));
                std::thread::spawn(move || serve(stream, &replies, &log));
            }
        });
        Self { address, seen }
    }

    /// `http://127.0.0.1:PORT` with the path appended.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// What was asked for, as paths with their queries; `CONNECT` for a connection that sent nothing readable.
    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

fn serve(mut stream: TcpStream, replies: &BTreeMap<String, Reply>, log: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    let mut buffer = [0; 4096];
    while !head.windows(4).any(|window| window == b"\r\n\r\n") {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(count) => head.extend_from_slice(&buffer[..count]),
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let target = head.split_whitespace().nth(1).unwrap_or("CONNECT").to_owned();
    log.lock().unwrap().push(target.clone());
    let path = target.split('?').next().unwrap_or_default();
    match replies.get(path) {
        Some(reply) => reply(&mut stream),
        None => send(&mut stream, &response("404 Not Found", &[], b"")),
    }
}

/// Sends what the other side still takes.
pub fn send(stream: &mut TcpStream, bytes: &[u8]) {
    let _ = stream.write_all(bytes).and_then(|()| stream.flush());
}

/// A whole answer.
pub fn response(status: &str, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let mut answer = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
    for header in headers {
        answer.push_str(header);
        answer.push_str("\r\n");
    }
    answer.push_str("\r\n");
    let mut answer = answer.into_bytes();
    answer.extend_from_slice(body);
    answer
}

/// Sends a whole answer.
pub fn canned(status: &str, headers: &[&str], body: impl AsRef<[u8]>) -> Reply {
    let answer = response(status, headers, body.as_ref());
    Arc::new(move |stream| send(stream, &answer))
}

/// Sends an HTML page.
pub fn html(body: impl AsRef<[u8]>) -> Reply {
    canned("200 OK", &["Content-Type: text/html; charset=utf-8"], body)
}

/// Never answers, as long as the other side waits.
pub fn never() -> Reply {
    Arc::new(|stream| {
        let _ = stream.set_read_timeout(Some(Duration::from_secs(120)));
        let _ = stream.read(&mut [0; 1]);
    })
}

/// An answer that waits until the test lets it go, so that a test need not guess how long anything takes.
#[derive(Clone, Default)]
pub struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    /// Sends an empty answer once the gate is open.
    pub fn reply(&self) -> Reply {
        let gate = self.clone();
        Arc::new(move |stream| {
            let (is_open, opened) = &*gate.0;
            drop(opened.wait_while(is_open.lock().unwrap(), |is_open| !*is_open).unwrap());
            send(stream, &response("200 OK", &["Content-Type: text/plain"], b""));
        })
    }

    /// Lets go all that waits, and whatever comes.
    pub fn open(&self) {
        let (is_open, opened) = &*self.0;
        *is_open.lock().unwrap() = true;
        opened.notify_all();
    }
}

/// Sends a start, and then a piece again and again with a pause in between.
pub fn endless(start: &str, piece: &str, pause: Duration) -> Reply {
    let (start, piece) = (start.to_owned(), piece.to_owned());
    Arc::new(move |stream| {
        send(stream, start.as_bytes());
        while stream.write_all(piece.as_bytes()).and_then(|()| stream.flush()).is_ok() {
            std::thread::sleep(pause);
        }
    })
}
