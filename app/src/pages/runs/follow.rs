//! A run that goes on by itself until its end.

use crate::ui::live::live_run;
use domain::run::Run;
use leptos::prelude::*;

/// The run as it is now. In: the run as the server knew it. Out: `on_end` with its final state, once, if it was active.
pub fn follow(run: Run, on_end: Option<Callback<Run>>) -> Signal<Run> {
    let live = live_run(Signal::stored(run.state.is_active().then_some(run.id)));
    Effect::new(move || {
        if let (Some(run), Some(on_end)) = (live.get().filter(|run| !run.state.is_active()), on_end) {
            on_end.run(run);
        }
    });
    Signal::derive(move || live.get().unwrap_or_else(|| run.clone()))
}
