//! A run as it goes on: server-sent events, with reading the run as the fallback.

use crate::pages::runs::api::get_run;
use domain::{ids::RunId, run::Run};
use futures::{
    StreamExt,
    future::{AbortHandle, Abortable, Either, select},
};
use gloo_net::eventsource::{
    State,
    futures::{EventSource, EventSourceSubscription},
};
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use std::ops::ControlFlow;

/// Pause before the next connect, and between two looks at one that is open, in milliseconds.
const PAUSE_MS: u32 = 2_000;
/// Silence of the stream after which the run is read once, in milliseconds.
const SILENCE_MS: u32 = 15_000;
/// How long a stream stays open after the final state, in milliseconds.
const LINGER_MS: u32 = 500;

/// What a page knows of a run that goes on.
#[derive(Clone, Copy)]
pub struct Live {
    /// The run; `None` until the first news, and while there is no run.
    pub run: Signal<Option<Run>>,
    /// Whether the server cannot be reached: the run may be further than it looks.
    pub lost: Signal<bool>,
}

/// Follows the run of `run_id` until its final state.
///
/// The connection starts in an effect (so in the browser only), comes back when it is lost, and ends with the final
/// state, with another id, or with the owner.
pub fn live_run(run_id: Signal<Option<RunId>>) -> Live {
    let news = News { latest: RwSignal::new(None), lost: RwSignal::new(false) };
    let run_id = Memo::new(move |_| run_id.get());
    Effect::new(move || {
        let Some(id) = run_id.get() else { return };
        let (abort, registration) = AbortHandle::new_pair();
        on_cleanup(move || abort.abort());
        spawn_local(async move {
            _ = Abortable::new(follow(id, news), registration).await;
        });
    });
    Live {
        run: Signal::derive(move || news.latest.get().filter(|run| Some(run.id) == run_id.get())),
        lost: news.lost.into(),
    }
}

/// Where news are put.
#[derive(Clone, Copy)]
struct News {
    latest: RwSignal<Option<Run>>,
    lost: RwSignal<bool>,
}

impl News {
    /// Shows the run; stops at its final state.
    fn take(self, run: Run) -> ControlFlow<()> {
        let active = run.state.is_active();
        self.latest.try_set(Some(run));
        self.connected(true);
        if active { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    fn connected(self, yes: bool) {
        if self.lost.try_get_untracked() == Some(yes) {
            self.lost.try_set(!yes);
        }
    }
}

/// Follows by events. When the stream breaks (the server restarts, a proxy cuts it, the network goes away), the run is
/// read once and the stream is opened again, until the run has ended: however long that takes.
async fn follow(id: RunId, news: News) {
    while listen(id, news).await.is_continue() {
        TimeoutFuture::new(PAUSE_MS).await;
        if read(id, news).await.is_break() {
            return;
        }
    }
}

/// Listens until the stream breaks or the run has ended.
async fn listen(id: RunId, news: News) -> ControlFlow<()> {
    let Ok(mut source) = EventSource::new(&format!("/api/v1/runs/{id}/events")) else {
        return ControlFlow::Continue(());
    };
    let Ok(events) = source.subscribe("run") else { return ControlFlow::Continue(()) };
    let end = hear(id, &source, events, news).await;
    if end.is_break() {
        linger(source);
    }
    end
}

/// Takes what the stream brings, until it breaks or the run has ended.
async fn hear(
    id: RunId,
    source: &EventSource,
    mut events: EventSourceSubscription,
    news: News,
) -> ControlFlow<()> {
    let mut silence = 0;
    loop {
        match select(events.next(), TimeoutFuture::new(PAUSE_MS)).await {
            Either::Left((Some(Ok((_, message))), _)) => {
                silence = 0;
                let run = message.data().as_string().and_then(|text| serde_json::from_str(&text).ok());
                if let Some(run) = run {
                    news.take(run)?;
                }
            }
            Either::Left(_) => return ControlFlow::Continue(()),
            Either::Right(_) => {
                silence += PAUSE_MS;
                // A browser that connects again by itself says nothing about it.
                if source.state() != State::Open || silence >= SILENCE_MS {
                    silence = 0;
                    read(id, news).await?;
                }
            }
        }
    }
}

/// Closes the stream a moment after the final state: the server ends it by then, and nothing is cut off.
fn linger(source: EventSource) {
    spawn_local(async move {
        TimeoutFuture::new(LINGER_MS).await;
        drop(source);
    });
}

/// Reads the run once; stops when it has ended or is gone.
async fn read(id: RunId, news: News) -> ControlFlow<()> {
    match get_run(id).await {
        Ok(run) => news.take(run),
        Err(error) if error.is_not_found() || error.is_unauthenticated() => {
            news.connected(true);
            ControlFlow::Break(())
        }
        Err(_) => {
            news.connected(false);
            ControlFlow::Continue(())
        }
    }
}
