use crate::{
    pages::{devices::api::undo_edit, wizard::is_undo},
    ui::{
        number::things,
        toast::{Toasts, use_toasts},
    },
};
use domain::{device_edit::Edited, ids::EditId};
use leptos::{ev, prelude::*, task::spawn_local};

/// The place of the toast with Undo: a new one takes it over.
const SLOT: &str = "undo";

/// Edits made on this page, the last first to be taken back: by the toast's button or by Ctrl+Z.
#[derive(Clone, Copy)]
pub struct EditUndo {
    made: RwSignal<Vec<(EditId, String)>>,
    busy: RwSignal<bool>,
    toasts: Toasts,
    reload: Callback<()>,
}

impl EditUndo {
    /// Call it in the page's component.
    pub fn new(reload: Callback<()>) -> Self {
        let undo = Self {
            made: RwSignal::new(Vec::new()),
            busy: RwSignal::new(false),
            toasts: use_toasts(),
            reload,
        };
        Effect::new(move || {
            let listener = window_event_listener(ev::keydown, move |event| {
                if is_undo(&event) && undo.last() {
                    event.prevent_default();
                }
            });
            on_cleanup(move || listener.remove());
        });
        undo
    }

    /// Says what an edit did, what it left alone and why, and offers to take it back.
    pub fn tell(self, done: &str, edited: &Edited) {
        let mut text = match edited.changed {
            0 => "Nothing had to be changed.".to_owned(),
            n => format!("{done} {}.", things(n, "device", "devices")),
        };
        if edited.skipped > 0 {
            let why =
                edited.reasons.first().map(|r| format!(" {}: {}", r.name, r.reason)).unwrap_or_default();
            text.push_str(&format!(
                " {} left as they are.{why}",
                things(edited.skipped, "device", "devices")
            ));
        }
        match edited.edit {
            Some(id) => self.note(id, text),
            None => self.toasts.info(text),
        }
    }

    /// Remembers an edit and offers to take it back.
    pub fn note(self, id: EditId, text: String) {
        if self.made.try_update(|made| made.push((id, text.clone()))).is_some() {
            self.toasts.with_undo_in(SLOT, text, "Undo", move || self.take_back(id));
        }
    }

    /// Takes an edit back that was made on this page or before.
    pub fn take_back(self, id: EditId) {
        if self.busy.try_get_untracked() == Some(true) {
            return;
        }
        self.busy.try_set(true);
        let (toasts, reload) = (self.toasts, self.reload);
        spawn_local(async move {
            let answer = undo_edit(id).await;
            self.busy.try_set(false);
            self.made.try_update(|made| made.retain(|(other, _)| *other != id));
            match answer {
                Ok(undone) => {
                    let left = match undone.skipped {
                        0 => String::new(),
                        n => format!(" {n} changed since and stay."),
                    };
                    let devices = things(undone.changed, "device", "devices");
                    toasts.info_in(SLOT, format!("Undone for {devices}.{left}"));
                    _ = reload.try_run(());
                }
                Err(error) => toasts.failed("Not undone.", &error),
            }
        });
    }

    fn last(self) -> bool {
        let Some((id, _)) = self.made.try_with_untracked(|made| made.last().cloned()).flatten() else {
            return false;
        };
        self.take_back(id);
        true
    }
}
