//! A run as it goes on: server-sent events, with reading the run as the fallback.

use crate::pages::runs::api::get_run;
use domain::{ids::RunId, run::Run};
use futures::{
    StreamExt,
    future::{AbortHandle, Abortable, Either, select},
};
use gloo_net::eventsource::futures::{EventSource, EventSourceSubscription};
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use std::ops::ControlFlow;

/// Pause before the next connect, in milliseconds.
const PAUSE_MS: u32 = 2_000;
/// Silence of the stream after which the run is read once, in milliseconds.
const SILENCE_MS: u32 = 15_000;
/// How long a stream stays open after the final state, in milliseconds.
const LINGER_MS: u32 = 500;

/// Follows the run of `run_id` until its final state; `None` until the first news, and while there is no run.
///
/// The connection starts in an effect (so in the browser only), comes back when it is lost, and ends with the final
/// state, with another id, or with the owner.
pub fn live_run(run_id: Signal<Option<RunId>>) -> Signal<Option<Run>> {
    let latest = RwSignal::new(None::<Run>);
    let run_id = Memo::new(move |_| run_id.get());
    Effect::new(move || {
        let Some(id) = run_id.get() else { return };
        let (abort, registration) = AbortHandle::new_pair();
        on_cleanup(move || abort.abort());
        spawn_local(async move {
            _ = Abortable::new(follow(id, latest), registration).await;
        });
    });
    Signal::derive(move || latest.get().filter(|run| Some(run.id) == run_id.get()))
}

/// Follows by events. When the stream breaks (the server restarts, a proxy cuts it, the network goes away), the run is
/// read once and the stream is opened again, until the run has ended: however long that takes.
async fn follow(id: RunId, latest: RwSignal<Option<Run>>) {
    while listen(id, latest).await.is_continue() {
        TimeoutFuture::new(PAUSE_MS).await;
        if read(id, latest).await.is_break() {
            return;
        }
    }
}

/// Listens until the stream breaks or the run has ended.
async fn listen(id: RunId, latest: RwSignal<Option<Run>>) -> ControlFlow<()> {
    let Ok(mut source) = EventSource::new(&format!("/api/v1/runs/{id}/events")) else {
        return ControlFlow::Continue(());
    };
    let Ok(events) = source.subscribe("run") else { return ControlFlow::Continue(()) };
    let end = hear(id, events, latest).await;
    if end.is_break() {
        linger(source);
    }
    end
}

/// Takes what the stream brings, until it breaks or the run has ended.
async fn hear(
    id: RunId,
    mut events: EventSourceSubscription,
    latest: RwSignal<Option<Run>>,
) -> ControlFlow<()> {
    loop {
        match select(events.next(), TimeoutFuture::new(SILENCE_MS)).await {
            Either::Left((Some(Ok((_, message))), _)) => {
                let run = message.data().as_string().and_then(|text| serde_json::from_str(&text).ok());
                if let Some(run) = run {
                    take(run, latest)?;
                }
            }
            Either::Left(_) => return ControlFlow::Continue(()),
            Either::Right(_) => read(id, latest).await?,
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
async fn read(id: RunId, latest: RwSignal<Option<Run>>) -> ControlFlow<()> {
    match get_run(id).await {
        Ok(run) => take(run, latest),
        Err(error) if error.is_not_found() || error.is_unauthenticated() => ControlFlow::Break(()),
        Err(_) => ControlFlow::Continue(()),
    }
}

/// Shows the run; stops at its final state.
fn take(run: Run, latest: RwSignal<Option<Run>>) -> ControlFlow<()> {
    let active = run.state.is_active();
    latest.try_set(Some(run));
    if active { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
}
