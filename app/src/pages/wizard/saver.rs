//! A row that saves its own decision.

use crate::{error::AppError, ui::combobox::SaveState};
use domain::error::ErrorKind;
use leptos::prelude::*;
use std::{future::Future, pin::Pin};

/// The answer to a decision: the row as it is now.
pub type Saved<R> = Pin<Box<dyn Future<Output = Result<R, AppError>> + Send>>;

/// A decision, the text to show for it until the answer is there, and whether what it does was confirmed.
#[derive(Clone)]
struct Pick<C> {
    choice: C,
    text: Option<String>,
    confirm: bool,
}

/// What a page hears of its rows.
#[derive(Clone, Copy)]
pub struct Hears<R: 'static> {
    /// A decision was taken: the row as it is now.
    pub saved: Callback<R>,
    /// Somebody else was first.
    pub conflict: Callback<AppError>,
    /// The decision wants to be confirmed: the question. `None` where nothing is ever asked.
    pub ask: Option<Callback<String>>,
}

/// The row as it is, and how saving the last decision stands.
pub struct Saver<R: Send + Sync + 'static, C: Clone + Send + Sync + 'static> {
    pub row: RwSignal<R>,
    action: Action<Pick<C>, Result<(), AppError>>,
    last: StoredValue<Option<Pick<C>>>,
    asks: bool,
}

impl<R: Send + Sync + 'static, C: Clone + Send + Sync + 'static> Clone for Saver<R, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R: Send + Sync + 'static, C: Clone + Send + Sync + 'static> Copy for Saver<R, C> {}

impl<R: Clone + Send + Sync + 'static, C: Clone + Send + Sync + 'static> Saver<R, C> {
    /// A saver that sends decisions with `save` (the row, the decision, whether it was confirmed).
    pub fn new(
        row: R,
        save: impl Fn(&R, C, bool) -> Saved<R> + Send + Sync + 'static,
        hears: Hears<R>,
    ) -> Self {
        let row = RwSignal::new(row);
        let action = Action::new(move |pick: &Pick<C>| {
            let answer = row.with_untracked(|r| save(r, pick.choice.clone(), pick.confirm));
            async move {
                match answer.await {
                    Ok(fresh) => {
                        row.try_set(fresh.clone());
                        hears.saved.try_run(fresh);
                        Ok(())
                    }
                    Err(error) => {
                        if let Some((ask, question)) = hears.ask.zip(error.about("confirm")) {
                            ask.try_run(question);
                        } else if error.error.kind == ErrorKind::Conflict {
                            hears.conflict.try_run(error.clone());
                        }
                        Err(error)
                    }
                }
            }
        });
        Self { row, action, last: StoredValue::new(None), asks: hears.ask.is_some() }
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
        let pick = Pick { choice, text, confirm: false };
        self.last.set_value(Some(pick.clone()));
        self.action.dispatch(pick);
    }

    /// Saves the last decision, confirmed.
    pub fn confirm(self) {
        if let Some(pick) = self.last.try_get_value().flatten() {
            self.action.dispatch(Pick { confirm: true, ..pick });
        }
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
            // The dialog asks.
            (false, Some(Err(error))) if self.asks && error.about("confirm").is_some() => SaveState::Idle,
            (false, Some(Err(error))) => SaveState::Failed(error),
        })
    }

    /// Text of the decision that is being saved.
    pub fn pending_text(self) -> Option<String> {
        let pending = self.action.pending().get();
        self.last.get_value().filter(|_| pending).and_then(|pick| pick.text)
    }
}
