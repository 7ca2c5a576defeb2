//! A row that saves its own decision.

use crate::{error::AppError, ui::combobox::SaveState};
use domain::error::ErrorKind;
use leptos::prelude::*;
use std::{future::Future, pin::Pin};

/// The answer to a decision: the row as it is now.
pub type Saved<R> = Pin<Box<dyn Future<Output = Result<R, AppError>> + Send>>;

/// A decision, and the text to show for it until the answer is there.
#[derive(Clone)]
struct Pick<C> {
    choice: C,
    text: Option<String>,
}

/// The row as it is, and how saving the last decision stands.
pub struct Saver<R: Send + Sync + 'static, C: Clone + Send + Sync + 'static> {
    pub row: RwSignal<R>,
    action: Action<Pick<C>, Result<(), AppError>>,
    last: StoredValue<Option<Pick<C>>>,
}

impl<R: Send + Sync + 'static, C: Clone + Send + Sync + 'static> Clone for Saver<R, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R: Send + Sync + 'static, C: Clone + Send + Sync + 'static> Copy for Saver<R, C> {}

impl<R: Send + Sync + 'static, C: Clone + Send + Sync + 'static> Saver<R, C> {
    /// A saver that sends decisions with `save`, tells `on_saved` of each that was taken, and `on_conflict` when
    /// somebody else was first.
    pub fn new(
        row: R,
        save: impl Fn(&R, C) -> Saved<R> + Send + Sync + 'static,
        on_saved: Callback<()>,
        on_conflict: Callback<AppError>,
    ) -> Self {
        let row = RwSignal::new(row);
        let action = Action::new(move |pick: &Pick<C>| {
            let answer = row.with_untracked(|r| save(r, pick.choice.clone()));
            async move {
                match answer.await {
                    Ok(fresh) => {
                        row.try_set(fresh);
                        on_saved.try_run(());
                        Ok(())
                    }
                    Err(error) => {
                        if error.error.kind == ErrorKind::Conflict {
                            on_conflict.try_run(error.clone());
                        }
                        Err(error)
                    }
                }
            }
        });
        Self { row, action, last: StoredValue::new(None) }
    }

    /// Whether the row is still the one on screen, not one that the next rows have replaced.
    fn is_alive(self) -> bool {
        self.row.try_with_untracked(|_| ()).is_some()
    }

    /// Saves a decision; `text` stands in the field meanwhile.
    pub fn save(self, choice: C, text: Option<String>) {
        if !self.is_alive() {
            return;
        }
        let pick = Pick { choice, text };
        self.last.set_value(Some(pick.clone()));
        self.action.dispatch(pick);
    }

    /// Saves the last decision again.
    pub fn retry(self) {
        if let Some(pick) = self.last.try_get_value().flatten() {
            self.action.dispatch(pick);
        }
    }

    /// Whether a decision is on its way.
    pub fn is_pending(self) -> bool {
        self.action.pending().get()
    }

    /// How saving stands.
    pub fn state(self) -> Signal<SaveState> {
        Signal::derive(move || match (self.action.pending().get(), self.action.value().get()) {
            (true, _) => SaveState::Saving,
            (false, None) => SaveState::Idle,
            (false, Some(Ok(()))) => SaveState::Saved,
            (false, Some(Err(error))) => SaveState::Failed(error.message().to_owned()),
        })
    }

    /// Text of the decision that is being saved.
    pub fn pending_text(self) -> Option<String> {
        let pending = self.action.pending().get();
        self.last.get_value().filter(|_| pending).and_then(|pick| pick.text)
    }
}
