//! What a row that is mapped can do, whichever side it is of.

use super::{Matcher, RowAct};
use crate::{
    error::AppError,
    pages::wizard::saver::{Hears, Saved, Saver},
    ui::{combobox::ComboAction, toast::use_toasts},
};
use domain::mapping::{MappingChoice, MappingRow, MappingStatus};
use leptos::prelude::*;

/// Saves the decisions about one row.
pub type RowSaver<R> = Saver<R, <R as MappingRow>::Choice>;

/// A saver that keeps the counts true (`changed`), offers the way back, asks what wants to be confirmed, and reloads the
/// list when somebody else was first.
pub fn row_saver<R: MappingRow>(
    matcher: Matcher,
    row: R,
    save: impl Fn(&R, R::Choice, bool) -> Saved<R> + Send + Sync + 'static,
    changed: impl Fn() + Send + Sync + 'static,
) -> RowSaver<R> {
    let toasts = use_toasts();
    let saved = Callback::new(move |row: R| {
        changed();
        matcher.saved(row.undo(), told(&row));
    });
    let conflict = Callback::new(move |error: AppError| {
        toasts.refused(&error);
        matcher.reload();
    });
    // Asked in the name of the saver that is made here.
    let asking = StoredValue::new(None::<RowSaver<R>>);
    let ask = Callback::new(move |question: String| {
        matcher.ask.ask(question, move || {
            if let Some(saver) = asking.try_get_value().flatten() {
                saver.confirm();
            }
        });
    });
    let saver = Saver::new(row, save, Hears { saved, conflict, ask: Some(ask) });
    asking.set_value(Some(saver));
    saver
}

/// What was decided, in words.
fn told(row: &impl MappingRow) -> String {
    match (row.target(), row.status()) {
        (Some(target), _) => format!("“{}” is mapped to “{target}”.", row.name()),
        (None, MappingStatus::Ignored) => format!("“{}” is ignored.", row.name()),
        (None, _) => format!("“{}” is not mapped.", row.name()),
    }
}

/// What keys ask of the row; says whether it could be done.
pub fn acts<R: MappingRow>(saver: RowSaver<R>, name: String) -> Callback<RowAct, bool> {
    Callback::new(move |act: RowAct| {
        let found = saver
            .row
            .try_with_untracked(|row| (row.status(), row.proposed().map(|(id, text)| (id, text.to_owned()))));
        let Some((status, proposed)) = found else { return false };
        let (choice, text) = match (act, proposed) {
            (RowAct::Accept, Some((id, text))) if status == MappingStatus::Pending => {
                (R::Choice::link(id), Some(text))
            }
            (RowAct::Create, _) if status != MappingStatus::Mapped => (R::Choice::CREATE, Some(name.clone())),
            (RowAct::Ignore, _) if status != MappingStatus::Ignored => (R::Choice::IGNORE, None),
            (RowAct::Unmap, _) if status != MappingStatus::Unmapped => (R::Choice::UNMAP, None),
            _ => return false,
        };
        saver.save(choice, text);
        true
    })
}

/// What can be done besides choosing, as the row stands. `create` and `ignore` are what these two are called.
pub fn actions<R: MappingRow>(
    saver: RowSaver<R>,
    name: &str,
    create: String,
    ignore: &str,
) -> Signal<Vec<ComboAction>> {
    let act = move |label: &str, choice: R::Choice, text: Option<String>| ComboAction {
        label: label.to_owned(),
        on_press: Callback::new(move |()| saver.save(choice.clone(), text.clone())),
    };
    let create = act(&create, R::Choice::CREATE, Some(name.to_owned()));
    let ignore = act(ignore, R::Choice::IGNORE, None);
    let unmap = act("Unmap", R::Choice::UNMAP, None);
    let reject = act("Reject the proposal", R::Choice::UNMAP, None);
    let notice = act("Stop ignoring", R::Choice::UNMAP, None);
    Signal::derive(move || match saver.row.with(MappingRow::status) {
        MappingStatus::Mapped => vec![unmap.clone(), ignore.clone()],
        MappingStatus::Pending => vec![create.clone(), reject.clone(), ignore.clone()],
        MappingStatus::Unmapped => vec![create.clone(), ignore.clone()],
        MappingStatus::Ignored => vec![create.clone(), notice.clone()],
    })
}

/// What happens when a proposed target is taken.
pub fn taking<R: MappingRow>(
    saver: RowSaver<R>,
    target: <R::Choice as MappingChoice>::Target,
    text: String,
) -> Callback<()> {
    Callback::new(move |()| saver.save(R::Choice::link(target), Some(text.clone())))
}

/// What stands in the field: the target, or what is being saved.
pub fn shown<R: MappingRow>(
    saver: RowSaver<R>,
    target: impl Fn(&R) -> Option<(String, String)> + Send + Sync + 'static,
) -> Signal<Option<(String, String)>> {
    Signal::derive(move || {
        let target = saver.row.with(&target);
        saver.pending_text().map(|text| (String::new(), text)).or(target)
    })
}
