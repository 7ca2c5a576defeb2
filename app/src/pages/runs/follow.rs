//! A run that goes on by itself until its end.

use crate::ui::live::live_run;
use domain::run::Run;
use leptos::prelude::*;

/// A run as far as it is known now.
#[derive(Clone, Copy)]
pub struct Followed {
    pub run: Signal<Run>,
    /// Whether the server cannot be reached: the run may be further than it looks.
    pub lost: Signal<bool>,
}

/// The run as it is now. In: the run as the server knew it. Out: `on_end` with its final state, once, if it was active.
pub fn follow(run: Run, on_end: Option<Callback<Run>>) -> Followed {
    let live = live_run(Signal::stored(run.state.is_active().then_some(run.id)));
    Effect::new(move || {
        if let (Some(run), Some(on_end)) = (live.run.get().filter(|run| !run.state.is_active()), on_end) {
            on_end.run(run);
        }
    });
    Followed { run: Signal::derive(move || live.run.get().unwrap_or_else(|| run.clone())), lost: live.lost }
}
