//! The way out: a SOCKS5 proxy (RFC 1928) of our own, through which the browser connects to everything but the config's
//! own site.
//!
//! Intercepted requests are looked at before they leave, by name. This looks at connections, whoever makes them: sockets,
//! downloads, preconnects and reports are not intercepted. And it resolves a name once and connects to what it checked,
//! so that a name which changes its mind between check and use gains nothing (DNS rebinding).
//!
//! It listens on loopback and leads to public addresses only, where everybody on this machine can go without it.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::address_guard::AddressGuard;

/// How long a connection may take to be made.
const CONNECT_DEADLINE: Duration = Duration::from_secs(10);
/// How long a client may take to say where it wants to go.
const GREETING_DEADLINE: Duration = Duration::from_secs(10);
/// The pause after the system had no connection to give, so that a lack of files does not become a busy loop.
const REFUSED_PAUSE: Duration = Duration::from_millis(100);

const VERSION: u8 = 5;
const NO_AUTHENTICATION: u8 = 0;
const CONNECT: u8 = 1;
const IPV4: u8 = 1;
const NAME: u8 = 3;
const IPV6: u8 = 4;
const SUCCEEDED: u8 = 0;
const NOT_ALLOWED: u8 = 2;
const UNREACHABLE: u8 = 4;

/// A running proxy; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Gate {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Gate {
    /// Opens the gate on a free port.
    pub(super) async fn open(addresses: Arc<AddressGuard>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(async move {
            loop {
                match listener.accept().await {
                    Ok((client, _)) => {
                        let addresses = Arc::clone(&addresses);
                        tokio::spawn(async move {
                            // A connection that ends in an error ends; there is nobody to be told.
                            let _ = lead(client, &addresses).await;
                        });
                    }
                    Err(_) => tokio::time::sleep(REFUSED_PAUSE).await,
                }
            }
        });
        Ok(Self { address, task })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Leads one connection to where it wants to go, if it may, and carries bytes until one side ends.
async fn lead(mut client: TcpStream, addresses: &AddressGuard) -> io::Result<()> {
    let (host, port) = tokio::time::timeout(GREETING_DEADLINE, greet(&mut client)).await??;
    let allowed = addresses.resolve(&host, port).await;
    if allowed.is_empty() {
        return reply(&mut client, NOT_ALLOWED).await;
    }
    match tokio::time::timeout(CONNECT_DEADLINE, TcpStream::connect(allowed.as_slice())).await {
        Ok(Ok(mut server)) => {
            reply(&mut client, SUCCEEDED).await?;
            copy_bidirectional(&mut client, &mut server).await.map(|_| ())
        }
        Ok(Err(_)) | Err(_) => reply(&mut client, UNREACHABLE).await,
    }
}

/// Reads greeting and request: which host and port are wanted.
async fn greet(client: &mut TcpStream) -> io::Result<(String, u16)> {
    let [version, methods] = read(client).await?;
    check(version == VERSION)?;
    client.read_exact(&mut vec![0; usize::from(methods)]).await?;
    client.write_all(&[VERSION, NO_AUTHENTICATION]).await?;
    let [version, command, _, kind] = read(client).await?;
    check(version == VERSION && command == CONNECT)?;
    let host = match kind {
        IPV4 => IpAddr::from(Ipv4Addr::from(read::<4>(client).await?)).to_string(),
        IPV6 => IpAddr::from(Ipv6Addr::from(read::<16>(client).await?)).to_string(),
        NAME => {
            let [length] = read(client).await?;
            let mut name = vec![0; usize::from(length)];
            client.read_exact(&mut name).await?;
            String::from_utf8(name).map_err(|_| io::ErrorKind::InvalidData)?
        }
        _ => return Err(io::ErrorKind::InvalidData.into()),
    };
    Ok((host, u16::from_be_bytes(read(client).await?)))
}

/// The answer to a request. The address that we connect from is nobody's business.
async fn reply(client: &mut TcpStream, code: u8) -> io::Result<()> {
    client.write_all(&[VERSION, code, 0, IPV4, 0, 0, 0, 0, 0, 0]).await
}

async fn read<const N: usize>(client: &mut TcpStream) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    client.read_exact(&mut bytes).await?;
    Ok(bytes)
}

fn check(holds: bool) -> io::Result<()> {
    if holds { Ok(()) } else { Err(io::ErrorKind::InvalidData.into()) }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;
    use std::sync::Arc;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    use super::Gate;
    use crate::fetch::browser::address_guard::AddressGuard;
    use crate::url::CanonicalUrl;

    /// Asks the gate for a connection; its reply code, and the first byte that came through.
    async fn ask(gate: &Gate, host: &str, port: u16) -> (u8, Option<u8>) {
        let mut stream = TcpStream::connect(gate.address()).await.unwrap();
        let mut request = vec![5, 1, 0, 5, 1, 0];
        match host.parse::<IpAddr>() {
            Ok(IpAddr::V4(address)) => {
                request.push(1);
                request.extend(address.octets());
            }
            Ok(IpAddr::V6(address)) => {
                request.push(4);
                request.extend(address.octets());
            }
            Err(_) => {
                request.extend([3, u8::try_from(host.len()).unwrap()]);
                request.extend(host.bytes());
            }
        }
        request.extend(port.to_be_bytes());
        stream.write_all(&request).await.unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        let mut byte = [0];
        let through = stream.read_exact(&mut byte).await.ok().map(|_| byte[0]);
        (answer[3], through)
    }

    #[tokio::test]
    async fn it_leads_home_to_the_allowed_authority_only() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                stream.write_all(b"!").await.unwrap();
            }
        });
        let base = CanonicalUrl::parse(&format!("http://localhost:{port}/docs/")).unwrap();
        let gate = Gate::open(Arc::new(AddressGuard::new(Some(base.authority()), [].into()))).await.unwrap();
        assert_eq!(ask(&gate, "localhost", port).await, (0, Some(b'!')));
        for host in ["127.0.0.1", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "0.0.0.0", "169.254.169.254"]
        {
            assert_eq!(ask(&gate, host, port).await, (2, None), "{host}");
        }
        for host in ["localhost.", "a.localhost", "2130706433", "0x7f.1", "0177.0.0.1", "no.invalid", ""] {
            assert_eq!(ask(&gate, host, port).await, (2, None), "{host}");
        }
        assert_eq!(ask(&gate, "localhost", port ^ 1).await, (2, None));
    }
}
