//! What all sessions of a server share: the program that they run, where, and how many of it at a time.

use std::path::PathBuf;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_util::sync::CancellationToken;

use crate::mcp::error::ServeError;
use crate::mcp::tools::{Tool, tools};

/// Commands that crawl, at the same time. Each has a browser of its own.
const LONG: u32 = 6;
/// Commands that read files, at the same time.
const SHORT: u32 = 8;

/// How long a command takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// It reads what is on the disk.
    Short,
    /// It asks a site, and may take hours.
    Long,
}

/// Whether clients may name roots outside of the working folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// They started this process, and can read all that it can.
    Starter,
    /// They come over a network, and get the working folder at most.
    Stranger,
}

/// What all sessions share.
#[derive(Debug)]
pub struct Desk {
    /// This program.
    pub program: PathBuf,
    /// The working folder, links resolved.
    pub folder: PathBuf,
    /// Whether clients may name roots outside of it.
    pub trust: Trust,
    /// The tools by name.
    pub tools: Vec<Tool>,
    /// Cancelled when the server ends; every command is then ended.
    pub over: CancellationToken,
    long: Semaphore,
    short: Semaphore,
}

/// Leave to run a command; dropping it lets the next one run.
#[derive(Debug)]
pub struct Turn<'a> {
    _permit: Option<SemaphorePermit<'a>>,
}

impl Desk {
    /// The desk of this program in the current folder.
    ///
    /// # Errors
    ///
    /// [`ServeError::Surroundings`] when the system does not say where they are.
    pub fn new(trust: Trust) -> Result<Self, ServeError> {
        let program = std::env::current_exe().map_err(ServeError::Surroundings)?;
        let folder = std::env::current_dir().and_then(|folder| folder.canonicalize());
        let folder = folder.map_err(ServeError::Surroundings)?;
        Ok(Self {
            program,
            folder,
            trust,
            tools: tools(),
            over: CancellationToken::new(),
            long: semaphore(LONG),
            short: semaphore(SHORT),
        })
    }

    /// Leave to run, if nobody has to wait for it.
    pub fn turn_at_once(&self, weight: Weight) -> Option<Turn<'_>> {
        self.semaphore(weight).try_acquire().ok().map(|permit| Turn { _permit: Some(permit) })
    }

    /// Leave to run, as soon as enough others have ended.
    pub async fn turn(&self, weight: Weight) -> Turn<'_> {
        // The semaphores are never closed.
        Turn { _permit: self.semaphore(weight).acquire().await.ok() }
    }

    /// Ends every command and waits until all are gone.
    pub async fn close(&self) {
        self.over.cancel();
        // Whoever runs holds a permit: with all of them in hand nobody runs.
        let _long = self.long.acquire_many(LONG).await;
        let _short = self.short.acquire_many(SHORT).await;
    }

    fn semaphore(&self, weight: Weight) -> &Semaphore {
        match weight {
            Weight::Long => &self.long,
            Weight::Short => &self.short,
        }
    }
}

fn semaphore(permits: u32) -> Semaphore {
    Semaphore::new(usize::try_from(permits).unwrap_or(1))
}
