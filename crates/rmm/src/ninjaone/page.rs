//! From bodies to pages: where the next one starts, how the end is known, and guards against going round in circles.
//!
//! NinjaOne's lists are asked for by `after` (the largest id so far) and end with an empty page: a short page is no
//! proof, since the server may give fewer rows than were asked for. Its reports carry one cursor name on every page while
//! the progress is kept on the server; they end with empty results or without a cursor.

use super::{
    rows::{self, Row},
    value::Id,
};
use crate::{Lost, Page, Position, RmmError, http::Trouble};
use rustc_hash::FxHashSet;
use serde::Deserialize;
use std::hash::{DefaultHasher, Hash, Hasher};

/// A report of more pages than this does not end by itself.
const MOST_PAGES: u32 = 5_000;

/// A row of the wire that has a vendor-neutral form.
pub trait Remote {
    type Out;
    fn id(&self) -> Option<Id>;
    /// `None` when the row says nothing worth keeping. `base` is the console's address without a slash at its end.
    fn remote(self, base: &str) -> Option<Self::Out>;
}

/// A page of a list that was asked for `after` that id.
pub fn list<'de, T>(body: &'de [u8], after: Option<Id>, base: &str) -> Result<Page<T::Out>, Trouble>
where
    T: Remote + Deserialize<'de>,
{
    list_of(rows::array::<T>(body)?, after, base)
}

/// A page of these rows that was asked for `after` that id.
pub fn list_of<T: Remote>(rows: Vec<Row<T>>, after: Option<Id>, base: &str) -> Result<Page<T::Out>, Trouble> {
    let ids: Vec<_> = rows.iter().map(id_of).collect();
    let last = ids.iter().flatten().max().copied();
    // An inclusive `after` sends the boundary row again; alone it is an empty page.
    let over = ids.iter().all(|id| id.is_some() && *id == after);
    if !over && last <= after {
        return Err(Trouble::unreadable("the list does not go on after the last row"));
    }
    let mut page = collect(rows, base, after);
    page.ordered = after.iter().chain(ids.iter().flatten()).is_sorted();
    page.next = (!over).then_some(last).flatten().map(|id| Position::After(id.to_string()));
    page.ended = over.then_some("empty page");
    Ok(page)
}

/// A list that comes whole.
pub fn whole<'de, T>(body: &'de [u8], base: &str) -> Result<Page<T::Out>, Trouble>
where
    T: Remote + Deserialize<'de>,
{
    let page = collect(rows::array::<T>(body)?, base, None);
    Ok(Page { ended: Some("whole list"), ..page })
}

/// A page of a report.
pub fn report<'de, T>(body: &'de [u8], at: Option<&Cursor>, base: &str) -> Result<Page<T::Out>, Trouble>
where
    T: Remote + Deserialize<'de>,
{
    let read = rows::report::<T>(body)?;
    let seen = fingerprint(&read.rows);
    let mut page = Page { ended: None, ..map(read.rows, base, |_| true) };
    match read.cursor {
        _ if page.raw == 0 => page.ended = Some("empty page"),
        None => page.ended = Some("last cursor"),
        Some(name) => page.next = Some(Cursor::next(at, name, seen)?.into()),
    }
    Ok(page)
}

/// A cursor with what is needed to see that it stands still. Its text form is private to this vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub name: String,
    pages: u32,
    seen: u64,
}

impl Cursor {
    /// Reads what [`Position::Cursor`] holds.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ':');
        let pages = parts.next()?.parse().ok()?;
        let seen = u64::from_str_radix(parts.next()?, 16).ok()?;
        Some(Self { name: parts.next()?.to_owned(), pages, seen })
    }

    fn next(before: Option<&Self>, name: String, seen: u64) -> Result<Self, Trouble> {
        let pages = before.map_or(1, |b| b.pages.saturating_add(1));
        if pages > MOST_PAGES || before.is_some_and(|b| b.seen == seen) {
            return Err(Trouble::last(RmmError::BadBody("the report repeats itself".into())));
        }
        Ok(Self { name, pages, seen })
    }
}

impl From<Cursor> for Position {
    fn from(c: Cursor) -> Self {
        Self::Cursor(format!("{}:{:x}:{}", c.pages, c.seen, c.name))
    }
}

fn id_of<T: Remote>(row: &Row<T>) -> Option<Id> {
    row.as_ref().map_or_else(|bad| bad.id, Remote::id)
}

fn fingerprint<T: Remote>(rows: &[Row<T>]) -> u64 {
    let mut hasher = DefaultHasher::new();
    rows.iter().for_each(|row| id_of(row).hash(&mut hasher));
    hasher.finish()
}

/// Keeps each id once and leaves out the boundary row.
fn collect<T: Remote>(rows: Vec<Row<T>>, base: &str, boundary: Option<Id>) -> Page<T::Out> {
    let mut seen: FxHashSet<Id> = boundary.into_iter().collect();
    map(rows, base, |id| seen.insert(id))
}

fn map<T: Remote>(rows: Vec<Row<T>>, base: &str, mut keep: impl FnMut(Id) -> bool) -> Page<T::Out> {
    let mut page = Page {
        rows: Vec::with_capacity(rows.len()),
        raw: rows.len(),
        ids: Vec::new(),
        ordered: true,
        lost: Vec::new(),
        next: None,
        ended: None,
    };
    for row in rows {
        let id = id_of(&row);
        page.ids.extend(id.map(|id| id.to_string()));
        match (row, id) {
            (Ok(row), Some(id)) => page.rows.extend(keep(id).then(|| row.remote(base)).flatten()),
            (Ok(_), None) => page.lost.push(Lost { id: None, reason: "It has no id.".into() }),
            (Err(bad), id) => page.lost.push(Lost { id: id.map(|id| id.to_string()), reason: bad.reason }),
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ninjaone::wire::{DeviceRef, Logon};

    fn page(json: &str, after: Option<i64>) -> Result<(Vec<String>, Option<Position>), Trouble> {
        let page = list::<DeviceRef>(json.as_bytes(), after.map(Id), "")?;
        assert_eq!(page.next.is_none(), page.ended.is_some());
        Ok((page.rows.into_iter().map(|r| r.remote_id).collect(), page.next))
    }

    fn at(id: i64) -> Option<Position> {
        Some(Position::After(id.to_string()))
    }

    fn texts(ids: &[i64]) -> Vec<String> {
        ids.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_list_goes_on_after_its_largest_id() {
        assert_eq!(page(r#"[{"id":3},{"id":9},{"id":5}]"#, None).unwrap(), (texts(&[3, 9, 5]), at(9)));
        assert_eq!(
            page(r#"[{"id":9},{"id":12},{"id":12}]"#, Some(9)).unwrap(),
            (texts(&[12]), at(12)),
            "boundary, twin"
        );
        assert_eq!(
            page(r#"[{"id":4},{"id":12}]"#, Some(9)).unwrap(),
            (texts(&[4, 12]), at(12)),
            "late rows are kept"
        );
    }

    #[test]
    fn a_page_out_of_order_says_so() {
        let ordered = |json: &str, after: Option<i64>| {
            list::<DeviceRef>(json.as_bytes(), after.map(Id), "").unwrap().ordered
        };
        for (json, after) in [
            ("[]", Some(9)),
            (r#"[{"id":9},{"id":12},{"id":12}]"#, Some(9)),
            (r#"[{"id":1},{},{"id":7,"organizationId":{}},{"id":8}]"#, None),
        ] {
            assert!(ordered(json, after), "{json}");
        }
        for (json, after) in [(r#"[{"id":3},{"id":9},{"id":5}]"#, None), (r#"[{"id":4},{"id":12}]"#, Some(9))]
        {
            assert!(!ordered(json, after), "{json}");
        }
    }

    #[test]
    fn a_list_ends_at_an_empty_page_only() {
        assert_eq!(page("[]", None).unwrap(), (vec![], None));
        assert_eq!(page("[]", Some(9)).unwrap(), (vec![], None));
        assert_eq!(page(r#"[{"id":9}]"#, Some(9)).unwrap(), (vec![], None), "the boundary row alone");
    }

    #[test]
    fn a_list_that_stands_still_is_an_error() {
        for json in [r#"[{"id":8},{"id":9}]"#, r#"[{"id":1}]"#, "[{}]", "[7]"] {
            assert!(page(json, Some(9)).is_err(), "{json}");
        }
        assert!(page("[{}]", None).is_err());
    }

    #[test]
    fn unreadable_rows_are_counted_and_move_the_list_on() {
        let page = list::<DeviceRef>(br#"[{"id":1},{"id":7,"organizationId":{}},{}]"#, None, "").unwrap();
        assert_eq!((page.raw, page.lost.len(), page.rows.len()), (3, 2, 1));
        assert_eq!((page.ids, page.next), (texts(&[1, 7]), at(7)));
    }

    #[test]
    fn a_report_goes_on_under_the_same_name_and_is_caught_standing_still() {
        let json = |id: i64| {
            format!(r#"{{"cursor":{{"name":"a:b"}},"results":[{{"deviceId":{id},"userName":"u"}}]}}"#)
        };
        let first = report::<Logon<'_>>(json(1).as_bytes(), None, "").unwrap();
        let Some(Position::Cursor(text)) = first.next else { panic!("no cursor") };
        let cursor = Cursor::parse(&text).unwrap();
        assert_eq!(cursor.name, "a:b");
        assert!(report::<Logon<'_>>(json(2).as_bytes(), Some(&cursor), "").unwrap().next.is_some());
        assert!(report::<Logon<'_>>(json(1).as_bytes(), Some(&cursor), "").is_err());
        let end =
            report::<Logon<'_>>(br#"{"cursor":{"name":"a:b"},"results":[]}"#, Some(&cursor), "").unwrap();
        assert_eq!((end.next, end.ended), (None, Some("empty page")));
        let end = report::<Logon<'_>>(br#"{"results":[{"deviceId":3}]}"#, Some(&cursor), "").unwrap();
        assert_eq!((end.next, end.ended, end.raw), (None, Some("last cursor"), 1));
    }
}
