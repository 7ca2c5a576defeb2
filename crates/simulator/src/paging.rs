//! Paging of the entity lists by `after` and `pageSize`.

use crate::behaviour::Behaviour;
use crate::query::Query;
use std::collections::BTreeMap;

/// Page size when none is asked for. NinjaOne: unknown; clients speak of 100.
const DEFAULT_SIZE: i64 = 100;

/// The page that a request asks for, ascending by id, of those entries that `keep` lets pass.
/// NinjaOne: `after` is the last id of the page before; there is no total and no link; the end is a short or empty page.
pub(crate) fn page<'a, T>(
    all: &'a BTreeMap<i64, T>,
    query: &Query,
    behaviour: &Behaviour,
    keep: impl Fn(&T) -> bool,
) -> Vec<&'a T> {
    let size = size(query, behaviour, DEFAULT_SIZE);
    let after = query.number("after").unwrap_or(i64::MIN);
    let first = if behaviour.inclusive_after { after } else { after.saturating_add(1) };
    all.range(first..).map(|(_, item)| item).filter(|item| keep(item)).take(size).collect()
}

/// The page size of a request, cut as the behaviour says.
pub(crate) fn size(query: &Query, behaviour: &Behaviour, default: i64) -> usize {
    let asked = query.number("pageSize").filter(|size| *size > 0).unwrap_or(default);
    asked.min(behaviour.page_size_clamp.map_or(i64::MAX, i64::from)) as usize
}
