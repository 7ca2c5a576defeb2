//! Paging of the entity lists by `after` and `pageSize`.

use crate::behaviour::{Behaviour, ListOrder};
use crate::query::Query;
use std::collections::BTreeMap;

/// Page size when none is asked for. NinjaOne: unknown; clients speak of 100.
const DEFAULT_SIZE: i64 = 100;

/// The page that a request asks for, in the order of the list, of those entries that `keep` lets pass.
/// NinjaOne: `after` is the last id of the page before; there is no total and no link; the end is a short or empty page.
pub(crate) fn page<'a, T>(
    all: &'a BTreeMap<i64, T>,
    query: &Query,
    behaviour: &Behaviour,
    keep: impl Fn(&T) -> bool,
) -> Vec<&'a T> {
    let size = size(query, behaviour, DEFAULT_SIZE);
    let (after, step) = (query.number("after"), i64::from(!behaviour.inclusive_after));
    let first = after.map_or(i64::MIN, |id| id.saturating_add(step));
    let last = after.map_or(i64::MAX, |id| id.saturating_sub(step));
    match behaviour.list_order {
        ListOrder::Ascending => {
            all.range(first..).map(|(_, item)| item).filter(|item| keep(item)).take(size).collect()
        }
        ListOrder::Descending => {
            all.range(..=last).rev().map(|(_, item)| item).filter(|item| keep(item)).take(size).collect()
        }
        ListOrder::Jumbled => {
            let mut rows: Vec<(&i64, &T)> = all.range(first..).filter(|(_, item)| keep(item)).collect();
            rows.sort_by_key(|(id, _)| jumbled(**id));
            rows.into_iter().map(|(_, item)| item).take(size).collect()
        }
    }
}

/// Where an id stands in a jumbled list.
fn jumbled(id: i64) -> u64 {
    (id as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The page size of a request, cut as the behaviour says.
pub(crate) fn size(query: &Query, behaviour: &Behaviour, default: i64) -> usize {
    let asked = query.number("pageSize").filter(|size| *size > 0).unwrap_or(default);
    asked.min(behaviour.page_size_clamp.map_or(i64::MAX, i64::from)) as usize
}
