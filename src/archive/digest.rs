//! Digests as WARC and WACZ state them: `sha256:` and 64 hexadecimal digits.

use std::io::{self, Read};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// The labelled SHA-256 digest of some bytes (WARC 1.1 §5.8, WACZ 1.1.1 `hash`).
pub(crate) fn sha256(bytes: &[u8]) -> String {
    labelled(Sha256::digest(bytes).as_slice())
}

/// The labelled SHA-256 digest of all that a reader yields, and how many bytes that was.
///
/// # Errors
///
/// Whatever the reader says.
pub(crate) fn sha256_of(mut reader: impl Read) -> io::Result<(String, u64)> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut size = 0;
    loop {
        let read = reader.read(&mut buffer)?;
        let Some(chunk) = buffer.get(..read).filter(|chunk| !chunk.is_empty()) else { break };
        hasher.update(chunk);
        size += chunk.len() as u64;
    }
    Ok((labelled(hasher.finalize().as_slice()), size))
}

fn labelled(digest: &[u8]) -> String {
    format!("sha256:{}", HEXLOWER.encode(digest))
}
