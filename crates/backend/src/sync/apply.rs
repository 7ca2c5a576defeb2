//! The change record of a written row.

use crate::runs::NewChange;
use domain::{
    run::{ChangeKind, FieldChange},
    sync::Verdict,
};

/// The change record of a row that is written.
pub fn change(
    entity: &'static str,
    verdict: Verdict,
    id: &str,
    name: &str,
    fields: Vec<FieldChange>,
) -> NewChange {
    let change = match verdict {
        Verdict::Added => ChangeKind::Added,
        Verdict::Returned => ChangeKind::Returned,
        _ => ChangeKind::Changed,
    };
    NewChange { entity, remote_id: id.to_owned(), name: name.to_owned(), change, fields }
}

/// A field change, when the values differ.
pub fn differs(field: &str, before: Option<&str>, after: Option<&str>) -> Option<FieldChange> {
    let owned = |v: Option<&str>| v.map(str::to_owned);
    (before != after).then(|| FieldChange {
        field: field.to_owned(),
        before: owned(before),
        after: owned(after),
    })
}
