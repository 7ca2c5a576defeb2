//! Reads the rows of a body. One row that cannot be read does not lose the others.
//!
//! What is as expected is read by the quick parser; where that stumbles, the other one says where and reads row by row.

use super::value::{Id, Text};
use crate::http::Trouble;
use serde::{Deserialize, Deserializer, de};
use serde_json::{Map, Value, value::RawValue};
use sonic_rs::LazyValue;
use std::{fmt, marker::PhantomData};

/// A row, or what is known of one that could not be read.
pub type Row<T> = Result<T, Bad>;

/// A row that could not be read.
#[derive(Debug, PartialEq, Eq)]
pub struct Bad {
    /// If at least that could be read.
    pub id: Option<Id>,
    /// Where reading stopped, not what stood there.
    pub reason: String,
}

/// The rows of a report and the name of its cursor.
pub struct Report<T> {
    pub rows: Vec<Row<T>>,
    pub cursor: Option<String>,
}

/// The rows of a bare array. Only `[]` is an empty page: some clients also take null or no body at all for one, but a
/// list that ends by mistake would look complete.
pub fn array<'de, T: Deserialize<'de>>(body: &'de [u8]) -> Result<Vec<Row<T>>, Trouble> {
    let body = filled(body)?;
    match sonic_rs::from_slice::<Good<T>>(body) {
        Ok(rows) => Ok(rows.0),
        Err(_) => Ok(raw(body)?.into_iter().map(one).collect()),
    }
}

/// The texts of the rows of a bare array.
pub fn raw(body: &[u8]) -> Result<Vec<&str>, Trouble> {
    let rows: Vec<&RawValue> = serde_json::from_slice(filled(body)?).map_err(|e| unreadable(&e))?;
    Ok(rows.into_iter().map(RawValue::get).collect())
}

/// The rows of `{"cursor":{"name":..},"results":[..]}`.
pub fn report<'de, T: Deserialize<'de>>(body: &'de [u8]) -> Result<Report<T>, Trouble> {
    let body = filled(body)?;
    let (rows, cursor) = match sonic_rs::from_slice::<Envelope<Good<T>, LazyValue<'de>>>(body) {
        Ok(read) => (read.results.map(|rows| rows.0), read.cursor.map(|c| cursor_name(c.as_raw_str()))),
        Err(_) => {
            let read: Envelope<Vec<&RawValue>, &RawValue> =
                serde_json::from_slice(body).map_err(|e| unreadable(&e))?;
            let rows = read.results.map(|rows| rows.into_iter().map(|raw| one(raw.get())).collect());
            (rows, read.cursor.map(|c| cursor_name(c.get())))
        }
    };
    Ok(Report { rows: rows.unwrap_or_default(), cursor: cursor.transpose()?.flatten() })
}

/// Rows that can all be read, in the form of those that may not: one list of them instead of two.
struct Good<T>(Vec<Row<T>>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Good<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_seq(GoodVisitor(PhantomData))
    }
}

struct GoodVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> de::Visitor<'de> for GoodVisitor<T> {
    type Value = Good<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("rows")
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Good<T>, A::Error> {
        let mut rows = Vec::new();
        while let Some(row) = seq.next_element()? {
            rows.push(Ok(row));
        }
        Ok(Good(rows))
    }
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>, C: Deserialize<'de>"))]
struct Envelope<T, C> {
    cursor: Option<C>,
    // No default: an object without results is not a report.
    #[serde(deserialize_with = "nullable")]
    results: Option<T>,
}

fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(d)
}

/// An answer that is one object.
pub fn object(body: &[u8]) -> Result<Map<String, Value>, Trouble> {
    serde_json::from_slice(filled(body)?).map_err(|error| unreadable(&error))
}

/// One row.
pub fn one<'de, T: Deserialize<'de>>(text: &'de str) -> Row<T> {
    serde_json::from_str(text).map_err(|error| Bad {
        id: id_alone(text),
        reason: format!("A field has another form than expected, near character {}.", error.column()),
    })
}

fn id_alone(text: &str) -> Option<Id> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Ids {
        id: Option<Id>,
        device_id: Option<Id>,
        entity_id: Option<Id>,
    }
    serde_json::from_str(text).ok().and_then(|ids: Ids| ids.id.or(ids.device_id).or(ids.entity_id))
}

/// The name in the cursor object; a bare text is taken for the name itself. Anything else is not the end of a report
/// but an answer that cannot be read.
fn cursor_name(text: &str) -> Result<Option<String>, Trouble> {
    #[derive(Deserialize)]
    struct Named<'a> {
        #[serde(borrow)]
        name: Option<Text<'a>>,
    }
    let name = match serde_json::from_str::<Named<'_>>(text) {
        Ok(named) => named.name,
        Err(_) => Some(serde_json::from_str(text).map_err(|e| unreadable(&e))?),
    };
    Ok(name.and_then(Text::tidy))
}

fn filled(body: &[u8]) -> Result<&[u8], Trouble> {
    match body.trim_ascii() {
        [] | b"null" => Err(Trouble::unreadable("it is empty")),
        body => Ok(body),
    }
}

/// Tells where reading stopped, not what stood there.
fn unreadable(error: &serde_json::Error) -> Trouble {
    let what = if error.is_eof() { "it ends too early" } else { "it is not the expected JSON" };
    Trouble::unreadable(format!("{what} (line {}, column {})", error.line(), error.column()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ninjaone::wire::{Logon, Organization};

    fn orgs(json: &str) -> Option<Vec<Option<i64>>> {
        let rows = array::<Organization<'_>>(json.as_bytes()).ok()?;
        Some(rows.iter().map(|r| r.as_ref().map_or(None, |o| o.id.map(|i| i.0))).collect())
    }

    #[test]
    fn arrays() {
        assert_eq!(orgs("[]"), Some(vec![]));
        assert_eq!(orgs(r#"[{"id":1,"name":null,"new":{}},{"id":2}]"#), Some(vec![Some(1), Some(2)]));
        for broken in [
            "",
            "  ",
            " null\n",
            "{}",
            "[{\"id\":1}",
            "[{\"id\":1},",
            "\"x\"",
            "[}",
            "{\"resultCode\":\"FAILURE\"}",
        ] {
            assert_eq!(orgs(broken), None, "{broken}");
        }
    }

    #[test]
    fn one_bad_row_does_not_lose_the_page() {
        let json = r#"[{"id":1},{"id":2,"name":{}},{"id":[]},7,{"id":3,"name":"\ud800"},{"id":4}]"#;
        let rows = array::<Organization<'_>>(json.as_bytes()).unwrap();
        let lost: Vec<_> = rows.iter().map(|r| r.as_ref().err().map(|bad| bad.id)).collect();
        assert_eq!(lost, [None, Some(Some(Id(2))), Some(None), Some(None), Some(Some(Id(3))), None]);
    }

    #[test]
    fn reports() {
        let read =
            |json: &'static str| report::<Logon<'_>>(json.as_bytes()).ok().map(|r| (r.rows.len(), r.cursor));
        let name = Some("a-b".to_owned());
        assert_eq!(
            read(r#"{"cursor":{"name":"a-b","offset":0},"results":[{"deviceId":1}]}"#),
            Some((1, name.clone()))
        );
        assert_eq!(read(r#"{"cursor":"a-b","results":[{"deviceId":1},{"deviceId":[]}]}"#), Some((2, name)));
        assert_eq!(read(r#"{"results":[]}"#), Some((0, None)));
        assert_eq!(read(r#"{"cursor":null,"results":null}"#), Some((0, None)));
        assert_eq!(read(r#"{"cursor":{},"results":[]}"#), Some((0, None)));
        for broken in [
            "",
            "null",
            "{}",
            "[]",
            r#"{"cursor":[],"results":[]}"#,
            r#"{"results":[{}"#,
            r#"{"results":{}}"#,
        ] {
            assert_eq!(read(broken), None, "{broken}");
        }
    }
}
