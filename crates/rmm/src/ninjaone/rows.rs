//! Reads the rows of a body. One row that cannot be read does not lose the others.

use super::value::{Id, Text};
use crate::http::Trouble;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

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
    match serde_json::from_slice::<Vec<T>>(body) {
        Ok(rows) => Ok(rows.into_iter().map(Ok).collect()),
        Err(error) if error.is_eof() => Err(unreadable(&error)),
        Err(_) => serde_json::from_slice(body).map(each).map_err(|e| unreadable(&e)),
    }
}

/// The rows of `{"cursor":{"name":..},"results":[..]}`.
pub fn report<'de, T: Deserialize<'de>>(body: &'de [u8]) -> Result<Report<T>, Trouble> {
    let body = filled(body)?;
    let (rows, cursor) = match serde_json::from_slice::<Envelope<'de, Vec<T>>>(body) {
        Ok(read) => (read.results.map(|rows| rows.into_iter().map(Ok).collect()), read.cursor),
        Err(error) if error.is_eof() => return Err(unreadable(&error)),
        Err(_) => {
            let read: Envelope<'de, Vec<&RawValue>> =
                serde_json::from_slice(body).map_err(|e| unreadable(&e))?;
            (read.results.map(each), read.cursor)
        }
    };
    Ok(Report { rows: rows.unwrap_or_default(), cursor: cursor.map(cursor_name).transpose()?.flatten() })
}

#[derive(Deserialize)]
struct Envelope<'a, T> {
    #[serde(borrow)]
    cursor: Option<&'a RawValue>,
    // No default: an object without results is not a report.
    #[serde(bound(deserialize = "T: Deserialize<'de>"), deserialize_with = "nullable")]
    results: Option<T>,
}

fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(d)
}

fn each<'de, T: Deserialize<'de>>(rows: Vec<&'de RawValue>) -> Vec<Row<T>> {
    let bad = |raw: &RawValue, error: &serde_json::Error| Bad {
        id: id_alone(raw),
        reason: format!("A field has another form than expected, near character {}.", error.column()),
    };
    rows.into_iter().map(|raw| serde_json::from_str(raw.get()).map_err(|e| bad(raw, &e))).collect()
}

fn id_alone(raw: &RawValue) -> Option<Id> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Ids {
        id: Option<Id>,
        device_id: Option<Id>,
    }
    serde_json::from_str(raw.get()).ok().and_then(|ids: Ids| ids.id.or(ids.device_id))
}

/// The name in the cursor object; a bare text is taken for the name itself. Anything else is not the end of a report
/// but an answer that cannot be read.
fn cursor_name(raw: &RawValue) -> Result<Option<String>, Trouble> {
    #[derive(Deserialize)]
    struct Named<'a> {
        #[serde(borrow)]
        name: Option<Text<'a>>,
    }
    let text = raw.get();
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
