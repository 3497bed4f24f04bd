//! Which process takes the next page: the one that runs, or a new one where it ended, is spent, or was taken for another
//! crawl of the same machine.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::super::engine::Engine;
use super::super::error::in_full;
use super::super::failure::RenderFailure;
use super::{Browser, Held, MOST_DEATHS, State, aside};

impl Browser {
    /// The process that takes the next page: a new one where the last ended or is spent.
    pub(super) async fn running(&self) -> Result<Arc<Engine>, RenderFailure> {
        if let Some(engine) = self.still_running().await? {
            return Ok(engine);
        }
        // It is waited for without the lock, since a page that comes to its end may need that, and end a browser.
        let seat = match &self.options.machine {
            Some(machine) => Some(machine.seat().await),
            None => None,
        };
        let mut state = self.state.lock().await;
        match &state.engine {
            Held::Closed => return Err(RenderFailure::Closed),
            Held::Running(engine) => return Ok(Arc::clone(engine)),
            Held::Down => {}
        }
        if self.deaths.load(Ordering::Relaxed) >= MOST_DEATHS {
            return Err(RenderFailure::KeepsDying);
        }
        tracing::debug!("starting the browser");
        match Engine::start(&self.program, &self.options, &self.gate, seat).await {
            Ok(engine) => {
                state.engine = Held::Running(Arc::clone(&engine));
                Ok(engine)
            }
            Err(error) => {
                self.deaths.fetch_add(1, Ordering::Relaxed);
                tracing::debug!(error = %in_full(&error), "the browser did not start");
                Err(RenderFailure::NoBrowser)
            }
        }
    }

    /// The process that is there, if it takes further pages; `None` where one is to be started.
    async fn still_running(&self) -> Result<Option<Arc<Engine>>, RenderFailure> {
        let mut state = self.state.lock().await;
        let engine = match &state.engine {
            Held::Closed => return Err(RenderFailure::Closed),
            Held::Down => return Ok(None),
            Held::Running(engine) => Arc::clone(engine),
        };
        if engine.usage().is_taken() {
            state.engine = Held::Down;
            return Ok(None);
        }
        if engine.is_dead() {
            state.engine = Held::Down;
            self.deaths.fetch_add(1, Ordering::Relaxed);
            aside(move || engine.end()).await;
            return Ok(None);
        }
        if !engine.is_spent(&self.options) {
            return Ok(Some(engine));
        }
        if self.options.machine.is_none() {
            return Ok(Some(self.replace(&mut state, engine).await));
        }
        // There may be no room for two, so the next one starts when the last page of this one is done.
        state.engine = Held::Down;
        self.drain(&mut state, engine).await;
        Ok(None)
    }

    /// A new process in place of a spent one; the spent one itself where none starts.
    async fn replace(&self, state: &mut State, spent: Arc<Engine>) -> Arc<Engine> {
        let engine = match Engine::start(&self.program, &self.options, &self.gate, None).await {
            Ok(engine) => engine,
            Err(error) => {
                tracing::debug!(error = %in_full(&error), "the browser could not be replaced");
                return spent;
            }
        };
        tracing::debug!(old = spent.id(), new = engine.id(), "the browser was replaced");
        state.engine = Held::Running(Arc::clone(&engine));
        self.drain(state, spent).await;
        engine
    }

    /// Lets a process end with its last page.
    async fn drain(&self, state: &mut State, spent: Arc<Engine>) {
        state.draining.retain(|engine| engine.strong_count() > 0);
        state.draining.push(Arc::downgrade(&spent));
        spent.retire();
        aside(move || drop(spent)).await;
    }
}
