//! Whether a list on screen is being read again.

use leptos::prelude::*;

/// Give it to a [`Reloading`] and dim what is inside while it [`Pending::is_on`].
#[derive(Clone, Copy)]
pub struct Pending {
    pending: RwSignal<bool>,
    hydrated: RwSignal<bool>,
}

impl Pending {
    #[expect(
        clippy::new_without_default,
        reason = "it makes signals and an effect, which a default should not"
    )]
    pub fn new() -> Self {
        let hydrated = RwSignal::new(false);
        Effect::new(move || hydrated.set(true));
        Self { pending: RwSignal::new(false), hydrated }
    }

    /// Whether it loads; never in the first render, which must be the same on both sides.
    pub fn is_on(self) -> bool {
        self.hydrated.get() && self.pending.get()
    }
}

/// A [`Transition`] that tells `pending` when new data are on their way. On the server nobody asks for that, and Leptos would
/// look at it from a task that may outlive the page.
///
/// In: what is shown until the first data are there.
#[component]
pub fn Reloading<C>(
    pending: Pending,
    #[prop(optional, into)] fallback: ViewFnOnce,
    children: TypedChildren<C>,
) -> impl IntoView
where
    C: IntoView + Send + 'static,
{
    let props = TransitionProps::builder().fallback(fallback).children(children);
    if cfg!(target_family = "wasm") {
        Transition(props.set_pending(pending.pending).build())
    } else {
        Transition(props.build())
    }
}

/// Whether a flag is set. A view is shown for a moment after its signals are gone, until the next one is ready: then not.
pub fn is_on(flag: Signal<bool>) -> bool {
    flag.try_get().unwrap_or_default()
}
