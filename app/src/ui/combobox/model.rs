//! What a combobox holds: whether it is open, what is typed, what was found, which entry is active.

use super::{ComboAction, ComboFuture, ComboKeys, ComboOption};
use crate::error::AppError;
use leptos::{ev, prelude::*, task::spawn_local};
use std::sync::atomic::{AtomicU32, Ordering};

/// How far PageUp and PageDown move.
const PAGE: isize = 8;

static NEXT_ID: AtomicU32 = AtomicU32::new(0);

/// What the loader has answered so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Found {
    #[default]
    Nothing,
    Options(Vec<ComboOption>),
    Failed(AppError),
}

/// The signals of one combobox and what may happen to them.
#[derive(Clone, Copy)]
pub struct Model {
    pub open: RwSignal<bool>,
    pub found: RwSignal<Found>,
    pub loading: RwSignal<bool>,
    pub active: RwSignal<Option<usize>>,
    /// What was typed since the list opened; `None` shows the selected text.
    pub typed: RwSignal<Option<String>>,
    pub extra: Signal<Vec<ComboAction>>,
    pub selected: Memo<Option<(String, String)>>,
    search: Callback<String, ComboFuture>,
    on_select: Callback<ComboOption>,
    keys: Option<ComboKeys>,
    /// The number of the question whose answer counts.
    asked: StoredValue<u32>,
    /// What is to be asked when the answer that is on its way has come.
    next: StoredValue<Option<String>>,
    /// Enter was pressed before the choices of what is typed were there: the first of them is meant.
    eager: StoredValue<bool>,
    id: StoredValue<u32>,
}

impl Model {
    pub fn new(
        selected: Signal<Option<(String, String)>>,
        search: Callback<String, ComboFuture>,
        on_select: Callback<ComboOption>,
        extra: Signal<Vec<ComboAction>>,
        keys: Option<ComboKeys>,
    ) -> Self {
        Self {
            open: RwSignal::new(false),
            found: RwSignal::new(Found::Nothing),
            loading: RwSignal::new(false),
            active: RwSignal::new(None),
            typed: RwSignal::new(None),
            extra,
            // Computed where it is shown: it may come from a resource, which handlers must not read.
            selected: Memo::new(move |_| selected.get()),
            search,
            on_select,
            keys,
            asked: StoredValue::new(0),
            next: StoredValue::new(None),
            eager: StoredValue::new(false),
            id: StoredValue::new(0),
        }
    }

    /// Whether its signals are still there. A row can be on screen for a moment after the next rows have replaced it;
    /// what is pressed then does nothing.
    pub fn is_alive(self) -> bool {
        self.open.try_get_untracked().is_some()
    }

    /// Typed text while the user types, else the selected text; nothing once its signals are gone.
    pub fn shown_text(self) -> String {
        let typed = self.typed.try_get().flatten();
        typed.or_else(|| self.selected.try_get().flatten().map(|(_, text)| text)).unwrap_or_default()
    }

    /// Id of the list; one is drawn when the list opens, so it exists in the browser only.
    pub fn list_id(self) -> String {
        format!("combobox-{}", self.id.get_value())
    }

    /// Id of entry `index`.
    pub fn entry_id(self, index: usize) -> String {
        format!("{}-{index}", self.list_id())
    }

    /// Id of the active entry while the list is open.
    pub fn active_id(self) -> Option<String> {
        self.active.get().filter(|_| self.open.get()).map(|index| self.entry_id(index))
    }

    /// The choices found.
    pub fn options(self) -> Vec<ComboOption> {
        self.found.with(|found| match found {
            Found::Options(options) => options.clone(),
            _ => Vec::new(),
        })
    }

    /// What the loader says of a session that has ended; `None` while it has not, and once its signals are gone.
    pub fn signed_out(self) -> Option<String> {
        let said = self.found.try_with(|found| match found {
            Found::Failed(error) if error.is_signed_out() => Some(error.message().to_owned()),
            _ => None,
        });
        said.flatten()
    }

    fn len(self) -> usize {
        let options = self.found.with_untracked(|f| if let Found::Options(o) = f { o.len() } else { 0 });
        options + self.extra.with_untracked(Vec::len)
    }

    /// Opens the list and asks for the first choices.
    pub fn show(self) {
        if !self.open.get_untracked() {
            self.unfold();
            self.ask(String::new());
        }
    }

    /// Opens the list; what was asked for before counts no longer.
    fn unfold(self) {
        self.forget();
        self.loading.set(false);
        self.id.set_value(NEXT_ID.fetch_add(1, Ordering::Relaxed));
        self.active.set(None);
        self.typed.set(None);
        self.open.set(true);
    }

    fn forget(self) {
        self.asked.update_value(|n| *n += 1);
        self.next.set_value(None);
        self.eager.set_value(false);
    }

    /// Closes the list and forgets what was typed.
    pub fn close(self) {
        if self.open.try_get_untracked() == Some(true) {
            self.forget();
            self.open.set(false);
            self.typed.set(None);
        }
    }

    /// Takes typed text and asks for its choices.
    pub fn type_text(self, text: String) {
        if !self.is_alive() {
            return;
        }
        if !self.open.get_untracked() {
            self.unfold();
        }
        self.typed.set(Some(text.clone()));
        self.active.set(None);
        self.eager.set_value(false);
        self.ask(text);
    }

    /// Asks at once, or when the answer that is on its way has come: as fast as the server answers, one question at a time.
    fn ask(self, text: String) {
        if self.loading.get_untracked() {
            self.next.set_value(Some(text));
            return;
        }
        self.asked.update_value(|n| *n += 1);
        let mine = self.asked.get_value();
        self.loading.set(true);
        spawn_local(async move {
            let Some(answer) = self.search.try_run(text.clone()) else { return };
            let answer = answer.await;
            if self.asked.try_get_value() == Some(mine) {
                self.take(&text, answer);
            }
        });
    }

    fn take(self, text: &str, answer: Result<Vec<ComboOption>, AppError>) {
        let next = self.next.try_update_value(Option::take).flatten();
        self.loading.set(false);
        match answer {
            Ok(options) => {
                // What is typed by now may have another first choice.
                self.active.set(self.first_active(text, &options).filter(|_| next.is_none()));
                self.found.set(Found::Options(options));
            }
            Err(error) => {
                let ended = error.is_signed_out();
                self.found.set(Found::Failed(error));
                if ended {
                    // The way back in stands below the field, where the list would hide it.
                    return self.close();
                }
            }
        }
        match next {
            Some(text) => self.ask(text),
            None if self.eager.get_value() => self.choose_active(),
            None => {}
        }
    }

    /// The first choice while typing; the selected one before.
    fn first_active(self, text: &str, options: &[ComboOption]) -> Option<usize> {
        if !text.trim().is_empty() {
            return (!options.is_empty()).then_some(0);
        }
        let (id, _) = self.selected.get_untracked()?;
        options.iter().position(|o| o.id == id)
    }

    /// Chooses entry `index`: a choice or, after the last of them, an action.
    pub fn choose(self, index: usize) {
        if !self.is_alive() {
            return;
        }
        let options = untrack(|| self.options());
        let action = self.extra.with_untracked(|extra| {
            index.checked_sub(options.len()).and_then(|i| extra.get(i).map(|a| a.on_press))
        });
        self.close();
        if let Some(option) = options.into_iter().nth(index) {
            self.on_select.run(option);
        } else if let Some(action) = action {
            action.run(());
        }
    }

    /// What a key does.
    pub fn press(self, event: &ev::KeyboardEvent) {
        if event.is_composing() || !self.is_alive() {
            return;
        }
        let open = self.open.get_untracked();
        if !open && self.keys.is_some_and(|keys| keys.closed.try_run(event.clone()) == Some(true)) {
            event.prevent_default();
            return;
        }
        match event.key().as_str() {
            "ArrowDown" | "ArrowUp" | "Enter" if !open => self.show(),
            "ArrowDown" => self.move_by(1),
            "ArrowUp" => self.move_by(-1),
            "PageDown" if open => self.move_by(PAGE),
            "PageUp" if open => self.move_by(-PAGE),
            "Home" if open => self.active.set((self.len() > 0).then_some(0)),
            "End" if open => self.active.set(self.len().checked_sub(1)),
            "Enter" => self.choose_active(),
            "Escape" if open => {
                event.stop_propagation();
                self.close();
            }
            _ => return,
        }
        event.prevent_default();
    }

    fn choose_active(self) {
        let Some(index) = self.active.get_untracked() else {
            let typed = self.typed.with_untracked(|text| text.as_ref().is_some_and(|t| !t.trim().is_empty()));
            return self.eager.set_value(typed && self.loading.get_untracked());
        };
        self.choose(index);
        if let Some(keys) = self.keys {
            _ = keys.chosen.try_run(());
        }
    }

    /// Moves the active entry; single steps wrap around, pages stop at the ends.
    fn move_by(self, step: isize) {
        let len = self.len() as isize;
        if len == 0 {
            return;
        }
        let next = match self.active.get_untracked() {
            None if step > 0 => 0,
            None => len - 1,
            Some(at) if step.abs() == 1 => (at as isize + step).rem_euclid(len),
            Some(at) => (at as isize + step).clamp(0, len - 1),
        };
        self.active.set(usize::try_from(next).ok());
    }
}
