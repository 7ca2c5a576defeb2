//! Pages of devices, read only as far as a sync needs to see that a device is as it was.
//!
//! A fleet of 100,000 is 175 MB of JSON a day, nearly all of it as the day before. Here each row is cut out of its page, its
//! heartbeat is read, and the rest is hashed as the vendor printed it; a row is read in full when that hash is a new one.

use super::{
    page::{self, Remote},
    rows::{self, Bad, Row},
    value::{Id, Moment},
    wire::Device,
};
use crate::{DeviceRow, Page, http::Trouble};
use bytes::Bytes;
use domain::{Time, remote::RemoteDevice};
use serde::{Deserialize, Deserializer, de};
use sonic_rs::LazyValue;
use std::{borrow::Cow, fmt, marker::PhantomData, sync::Arc};
use xxhash_rust::xxh3::Xxh3;

/// Goes up with every change of what is read of a row and how: prints that are held are of no use then.
const READING: u64 = 1;

/// A page of devices that was asked for `after` that id.
pub fn page(body: &Bytes, after: Option<Id>, base: &str) -> Result<Page<DeviceRow>, Trouble> {
    let base: Arc<str> = base.into();
    let rows = match cut(body) {
        Some(rows) => rows.into_iter().map(|(head, text)| glance(Some(head), text, body, &base)).collect(),
        None => {
            let texts = rows::raw(body)?.into_iter();
            texts.map(|text| glance(sonic_rs::from_str(text).ok(), text, body, &base)).collect()
        }
    };
    page::list_of::<Glance>(rows, after, "")
}

/// The rows with their texts, if the body is an array of objects from its first to its last character.
fn cut(body: &[u8]) -> Option<Vec<(Head<'_>, &str)>> {
    let text = std::str::from_utf8(body).ok()?;
    let heads: Vec<Head<'_>> = sonic_rs::from_str(text).ok()?;
    let mut rest = text.trim_ascii_end().strip_suffix(']')?;
    let mut rows = Vec::with_capacity(heads.len());
    // From the last to the first: behind a row there is a comma and nothing else until the next one starts.
    for head in heads.into_iter().rev() {
        let end = rest
            .trim_ascii_end()
            .strip_suffix(',')
            .filter(|_| !rows.is_empty())
            .unwrap_or(rest)
            .trim_ascii_end();
        let key = head.first?.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
        let start = text.get(..key)?.strip_suffix('"')?.trim_ascii_end().strip_suffix('{')?.len();
        rows.push((head, end.get(start..)?.strip_suffix('}').map(|_| &end[start..])?));
        rest = &text[..start];
    }
    rows.reverse();
    Some(rows)
}

/// A row with its id.
struct Glance {
    id: Option<Id>,
    row: Option<DeviceRow>,
}

impl Remote for Glance {
    type Out = DeviceRow;

    fn id(&self) -> Option<Id> {
        self.id
    }

    fn remote(self, _: &str) -> Option<DeviceRow> {
        self.row
    }
}

fn glance(head: Option<Head<'_>>, text: &str, body: &Bytes, base: &Arc<str>) -> Row<Glance> {
    let quick = || {
        let head = head?;
        let (id, offline, last_contact) = (head.id?, head.offline()?, head.last_contact()?);
        let print = head.print(text, base)?;
        let text = body.slice_ref(text.as_bytes());
        let row = DeviceRow::lazy(id.to_string(), print, (offline, last_contact), text, base.clone(), read);
        Some(Glance { id: Some(id), row: Some(row) })
    };
    match quick() {
        Some(glance) => Ok(glance),
        None => {
            let device: Device<'_> = rows::one(text)?;
            Ok(Glance { id: device.id, row: device.remote(base).map(DeviceRow::from) })
        }
    }
}

fn read(text: &str, base: &str) -> Result<RemoteDevice, String> {
    let device: Device<'_> = match sonic_rs::from_str(text) {
        Ok(device) => device,
        Err(_) => rows::one(text).map_err(|bad: Bad| bad.reason)?,
    };
    device.remote(base).ok_or_else(|| "It has no id.".into())
}

/// The id, and what moves with every check-in as it is printed.
#[derive(Default)]
struct Head<'a> {
    /// The name of the first field: it tells where the row starts.
    first: Option<&'a str>,
    id: Option<Id>,
    offline: Option<LazyValue<'a>>,
    last_contact: Option<LazyValue<'a>>,
    /// Not kept at all, but it moves.
    last_update: Option<LazyValue<'a>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Head<'a> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_map(HeadVisitor(PhantomData))
    }
}

struct HeadVisitor<'a>(PhantomData<&'a ()>);

impl<'de: 'a, 'a> de::Visitor<'de> for HeadVisitor<'a> {
    type Value = Head<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a device")
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Head<'a>, A::Error> {
        let mut head = Head::default();
        // A name with escapes cannot be borrowed; such a row is left to the other parser.
        while let Some(name) = map.next_key::<&'de str>()? {
            head.first = head.first.or(Some(name));
            match name {
                "id" => set(&mut head.id, map.next_value()?)?,
                "offline" => set(&mut head.offline, map.next_value()?)?,
                "lastContact" => set(&mut head.last_contact, map.next_value()?)?,
                "lastUpdate" => set(&mut head.last_update, map.next_value()?)?,
                _ => drop(map.next_value::<de::IgnoredAny>()?),
            }
        }
        Ok(head)
    }
}

/// Takes a value up; a second one of the same name is left to the other parser.
fn set<T, E: de::Error>(place: &mut Option<T>, value: T) -> Result<(), E> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(E::custom("twice")),
    }
}

impl Head<'_> {
    /// `None` when it cannot be read.
    fn offline(&self) -> Option<Option<bool>> {
        self.offline.as_ref().map_or(Some(None), |v| sonic_rs::from_str(v.as_raw_str()).ok())
    }

    /// `None` when it cannot be read.
    fn last_contact(&self) -> Option<Option<Time>> {
        let Some(value) = &self.last_contact else { return Some(None) };
        let text = value.as_raw_str();
        let moment = match Moment::printed(text) {
            Some(moment) => Some(moment),
            None => sonic_rs::from_str(text).ok()?,
        };
        Some(moment.and_then(|m| m.0))
    }

    /// The hash of the text without the values that move; never 0.
    fn print(&self, text: &str, base: &str) -> Option<u64> {
        let start = text.as_ptr().addr();
        let mut gaps = Vec::with_capacity(3);
        for value in [&self.offline, &self.last_contact, &self.last_update].into_iter().flatten() {
            let Cow::Borrowed(raw) = value.as_raw_cow() else { return None };
            let from = raw.as_ptr().addr().checked_sub(start)?;
            gaps.push((from, from + raw.len()));
        }
        gaps.sort_unstable();
        let mut hash = Xxh3::new();
        hash.update(&READING.to_le_bytes());
        hash.update(base.as_bytes());
        let mut at = 0;
        for (from, until) in gaps {
            hash.update(text.get(at..from)?.as_bytes());
            at = until;
        }
        hash.update(text.get(at..)?.as_bytes());
        Some(hash.digest().max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(json: &str) -> Page<DeviceRow> {
        page(&Bytes::copy_from_slice(json.as_bytes()), None, "https://eu.example")
            .unwrap_or_else(|e| panic!("{json}: {e:?}"))
    }

    fn row(json: &str) -> DeviceRow {
        rows(&format!("[{json}]")).rows.remove(0)
    }

    #[test]
    fn a_heartbeat_leaves_the_print_alone_and_everything_else_changes_it() {
        let text = r#"{"id":7,"offline":false,"systemName":"A","lastContact":1700000000.5,"lastUpdate":3,"os":{"name":"W"}}"#;
        let first = row(text);
        assert_ne!(first.print, 0);
        assert_eq!((first.remote_id.as_str(), first.offline), ("7", Some(false)));
        assert_eq!(first.last_contact.map(|t| t.timestamp_micros()), Some(1_700_000_000_500_000));
        for (old, new) in [("false", "true"), ("1700000000.5", "1700000099"), (":3", ":4"), (":3", ":\"x\"")]
        {
            assert_eq!(row(&text.replace(old, new)).print, first.print, "{new}");
        }
        for (old, new) in
            [("\"A\"", "\"B\""), ("\"W\"", "null"), ("7", "8"), ("os", "oz"), ("\"offline\":false,", "")]
        {
            assert_ne!(row(&text.replace(old, new)).print, first.print, "{new}");
        }
    }

    #[test]
    fn what_is_read_later_is_what_is_read_at_once() {
        let text = r#"{"id":7,"organizationId":2,"offline":null,"displayName":"a\u00e4 \"q\"","lastContact":null,
            "ipAddresses":["10.0.0.1"],"created":1697827578.905000000,"system":{"serialNumber":"AB12"}}"#;
        let lazily = row(text);
        assert_eq!((lazily.offline, lazily.last_contact), (None, None));
        let whole = rows::one::<Device<'_>>(text).ok().and_then(|d| d.remote("https://eu.example"));
        assert_eq!(lazily.read().ok(), whole);
    }

    #[test]
    fn rows_that_the_glance_cannot_take_are_read_in_full_or_told_as_lost() {
        let page = rows(
            r#" [{"id":1},{"id":2,"lastContact":{}},{"id":3,"offline":"no"},7,{"systemName":"x"},{"id":"4"}] "#,
        );
        assert_eq!(page.raw, 6);
        let read: Vec<_> = page.rows.iter().map(|r| r.remote_id.as_str()).collect();
        assert_eq!(read, ["1", "4"]);
        let lost: Vec<_> = page.lost.iter().map(|l| l.id.as_deref()).collect();
        assert_eq!(lost, [Some("2"), Some("3"), None, None]);
        let late = row(r#"{"id":5,"systemName":{}}"#).read().expect_err("the name is no text");
        assert_eq!(late.id.as_deref(), Some("5"));
    }

    #[test]
    fn rows_are_cut_out_from_brace_to_brace() {
        let body = "  [ {\"a\":\"}],{\",\"id\":1} ,\n{ \"id\": 2,\"os\":{\"x\":[{}]} }\n,{\"id\":3}]\r\n ";
        let texts: Vec<&str> = cut(body.as_bytes()).unwrap().into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["{\"a\":\"}],{\",\"id\":1}", "{ \"id\": 2,\"os\":{\"x\":[{}]} }", "{\"id\":3}"]);
        assert!(cut(b"[{\"id\":1},{}]").is_none(), "a row without a field is left to the other parser");
        assert!(
            cut(b"[{\"id\":1},{\"id\":2,\"id\":3}]").is_none(),
            "and so is one that says something twice"
        );
    }

    #[test]
    fn a_body_that_is_no_array_to_its_end_is_not_a_page() {
        for broken in [
            "",
            "null",
            "{}",
            "[{\"id\":1}",
            "[{\"id\":1},",
            "[{\"id\":1}]x",
            "[{\"id\":1}}",
            "[{\"id\":1,}]",
            "\"x\"",
        ] {
            assert!(page(&Bytes::copy_from_slice(broken.as_bytes()), None, "").is_err(), "{broken}");
        }
        assert_eq!(rows("[]").ended, Some("empty page"));
        assert!(page(&Bytes::from_static(b"[{\"id\":1,\"a\":\"\xff\"}]"), None, "").is_err());
    }
}
