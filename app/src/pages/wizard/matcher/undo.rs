use super::{ask::Ask, keys, state::Wish};
use crate::{
    pages::wizard::api::undo_decision,
    ui::toast::{Toasts, use_toasts},
};
use domain::ids::DecisionId;
use leptos::{ev, prelude::*, task::spawn_local};

/// The place of the toast with Undo: a new one takes it over.
const SLOT: &str = "undo";

/// Decisions made on this page, the last first to be taken back: by the toast's button or by Ctrl+Z.
#[derive(Clone, Copy)]
pub struct Undo {
    made: RwSignal<Vec<(DecisionId, String)>>,
    busy: RwSignal<bool>,
    toasts: Toasts,
    ask: Ask,
    wish: RwSignal<Option<Wish>>,
    reload: Callback<()>,
}

impl Undo {
    pub fn new(ask: Ask, wish: RwSignal<Option<Wish>>, reload: Callback<()>) -> Self {
        let undo = Self {
            made: RwSignal::new(Vec::new()),
            busy: RwSignal::new(false),
            toasts: use_toasts(),
            ask,
            wish,
            reload,
        };
        Effect::new(move || {
            let listener = window_event_listener(ev::keydown, move |event| {
                if keys::is_undo(&event) && undo.last() {
                    event.prevent_default();
                }
            });
            on_cleanup(move || listener.remove());
        });
        undo
    }

    /// Remembers a decision and offers to take it back.
    pub fn note(self, decision: Option<DecisionId>, text: String) {
        let Some(id) = decision else { return };
        if self.made.try_update(|made| made.push((id, text.clone()))).is_some() {
            self.toasts.with_undo_in(SLOT, text, "Undo", move || self.take_back(id));
        }
    }

    /// Takes a decision back that was made on this page or before.
    pub fn take_back(self, id: DecisionId) {
        let text = self.made.try_with_untracked(|made| {
            made.iter().find(|(other, _)| *other == id).map(|(_, text)| text.clone())
        });
        self.send(id, text.flatten().unwrap_or_else(|| "The decision was taken back.".to_owned()), false);
    }

    /// Takes the last decision back; whether there is one.
    fn last(self) -> bool {
        let Some((id, text)) = self.made.try_with_untracked(|made| made.last().cloned()).flatten() else {
            return false;
        };
        if self.busy.try_get_untracked() == Some(false) {
            self.send(id, text, false);
        }
        true
    }

    fn send(self, id: DecisionId, text: String, confirm: bool) {
        self.busy.try_set(true);
        spawn_local(async move {
            let answer = undo_decision(id, Some(confirm)).await;
            self.busy.try_set(false);
            match answer {
                Ok(undone) => {
                    self.forget(id);
                    let left = match undone.skipped_count {
                        0 => String::new(),
                        n => format!(" {n} changed since and stay."),
                    };
                    self.toasts.info_in(SLOT, format!("Undone: {text}{left}"));
                    self.wish.try_set(keys::focused_row().map(Wish::Row));
                    _ = self.reload.try_run(());
                }
                Err(error) => match error.about("confirm") {
                    Some(question) => self.ask.ask(question, move || self.send(id, text.clone(), true)),
                    None => {
                        self.forget(id);
                        self.toasts.failed("Not undone.", &error);
                    }
                },
            }
        });
    }

    fn forget(self, id: DecisionId) {
        self.made.try_update(|made| made.retain(|(other, _)| *other != id));
    }
}
