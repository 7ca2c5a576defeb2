use super::{ask::Ask, choice::Choice, undo::Undo};
use crate::{
    pages::wizard::current::Current,
    ui::{list::ListState, number::things, selection::Selection, toast::use_toasts},
};
use domain::{
    decision::{Decided, MappingFilter, MappingSelection, MappingSubject},
    ids::DecisionId,
    mapping::{MappingStatus, QuickMatchResult},
};
use leptos::{prelude::*, task::spawn_local};

/// What the parts of such a page share.
#[derive(Clone, Copy)]
pub struct Matcher {
    pub subject: MappingSubject,
    /// What one row and several are called.
    pub words: (&'static str, &'static str),
    pub current: Current,
    pub list: ListState,
    /// The filters in force.
    pub filter: Memo<MappingFilter>,
    pub selection: RwSignal<Selection<MappingFilter>>,
    pub matched: RwSignal<Option<QuickMatchResult>>,
    pub ask: Ask,
    pub undo: Undo,
    /// Which row gets the focus when the rows have been read again.
    pub wish: RwSignal<Option<Wish>>,
    /// How many pages the list has.
    pub pages: RwSignal<u32>,
    /// The last open row of the page was decided on: to the next page when that is saved.
    pub turn_when_saved: RwSignal<bool>,
    /// Whether a decision about many rows is on its way.
    pub busy: RwSignal<bool>,
    reload: Callback<()>,
}

/// A row to be focused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    Row(String),
    FirstOpen,
}

/// What a page gives to its [`Matcher`].
pub struct MatcherParts {
    pub subject: MappingSubject,
    pub words: (&'static str, &'static str),
    pub current: Current,
    pub list: ListState,
    /// Reads rows and counts again.
    pub reload: Callback<()>,
}

impl Matcher {
    /// Call it in the page's component.
    pub fn new(parts: MatcherParts) -> Self {
        let MatcherParts { subject, words, current, list, reload } = parts;
        let (status, organization) = (list.get("status"), list.get("organization"));
        let filter = Memo::new(move |_| MappingFilter {
            search: list.search_text(),
            status: status.get().and_then(|s| s.parse().ok()),
            organization: organization.get(),
        });
        let (ask, wish) = (Ask::new(), RwSignal::new(None));
        let matcher = Self {
            subject,
            words,
            current,
            list,
            filter,
            selection: RwSignal::new(Selection::default()),
            matched: RwSignal::new(None),
            ask,
            undo: Undo::new(ask, wish, reload),
            wish,
            pages: RwSignal::new(1),
            turn_when_saved: RwSignal::new(false),
            busy: RwSignal::new(false),
            reload,
        };
        Effect::new(move |before: Option<MappingFilter>| {
            let now = filter.get();
            if before.is_some_and(|before| before != now) {
                matcher.selection.set(Selection::None);
            }
            now
        });
        matcher
    }

    /// Reads rows and counts again.
    pub fn reload(self) {
        _ = self.reload.try_run(());
    }

    /// A row has saved its decision: it can be taken back, and the page may be turned.
    pub fn saved(self, undo: Option<DecisionId>, text: String) {
        self.undo.note(undo, text);
        if self.turn_when_saved.try_get_untracked() == Some(true) {
            self.turn_when_saved.set(false);
            self.turn();
        }
    }

    /// To where the next open rows are: on the next page, or on this one, where only open rows are listed.
    fn turn(self) {
        let only_open = self
            .filter
            .with_untracked(|f| matches!(f.status, Some(MappingStatus::Pending | MappingStatus::Unmapped)));
        let page = self.list.page.get_untracked();
        if only_open {
            self.wish.set(Some(Wish::FirstOpen));
            self.reload();
        } else if page < self.pages.get_untracked() {
            self.wish.set(Some(Wish::FirstOpen));
            self.list.set("page", Some((page + 1).to_string()));
        }
    }

    /// "12 organizations".
    pub fn things(self, n: i64) -> String {
        things(n, self.words.0, self.words.1)
    }

    /// Decides on what is selected; asks first where the server wants it confirmed.
    pub fn decide(self, choice: Choice) {
        let request =
            |s: &Selection<MappingFilter>| s.request(MappingSelection::RemoteIds, MappingSelection::Filter);
        if let Some(select) = self.selection.with_untracked(request) {
            self.send(choice, select, false);
        }
    }

    fn send(self, choice: Choice, select: MappingSelection, confirm: bool) {
        let (toasts, id) = (use_toasts(), self.current.id.get_untracked());
        self.busy.set(true);
        spawn_local(async move {
            let answer = choice.save(self.subject, id, select.clone(), confirm).await;
            self.busy.try_set(false);
            match answer {
                Ok(decided) => {
                    self.selection.try_set(Selection::None);
                    self.tell(choice, &decided);
                    self.reload();
                }
                Err(error) => match error.about("confirm") {
                    Some(text) => self.ask.ask(text, move || self.send(choice, select.clone(), true)),
                    None => toasts.failed("Nothing was changed.", &error),
                },
            }
        });
    }

    /// Says what was done, and what was not and why.
    fn tell(self, choice: Choice, decided: &Decided) {
        let done = format!("{} {}.", choice.done(), self.things(decided.changed));
        if decided.changed > 0 {
            self.undo.note(decided.undo, done);
        }
        if let Some(first) = decided.skipped.first() {
            let more = match decided.skipped_count {
                1 => String::new(),
                n => format!(" And {} more.", n - 1),
            };
            let left = self.things(decided.skipped_count);
            use_toasts().info(format!("{left} left as before: {}: {}{more}", first.name, first.reason));
        }
    }
}
