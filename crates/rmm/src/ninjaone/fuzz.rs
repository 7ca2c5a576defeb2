//! Whatever a vendor sends: it is read or refused, no row is lost without a word, and nothing panics.

use super::{
    fault, glance,
    page::{self, Cursor, Remote},
    remote, rows,
    value::{Id, Moment},
    wire,
};
use crate::{
    Page, Position,
    http::{Answer, Trouble},
};
use bytes::Bytes;
use proptest::{
    collection::vec,
    prelude::{Just, ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest},
    sample::select,
    test_runner::TestCaseError,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// Names that the rows have, so that values of every kind stand where others are expected.
const KEYS: &[&str] = &[
    "id",
    "organizationId",
    "locationId",
    "nodeRoleId",
    "nodeClass",
    "approvalStatus",
    "offline",
    "displayName",
    "systemName",
    "created",
    "lastContact",
    "assignedOwnerUid",
    "lastLoggedInUser",
    "ipAddresses",
    "macAddresses",
    "publicIP",
    "os",
    "system",
    "references",
    "name",
    "description",
    "address",
    "warranty",
    "endDate",
    "backupUsage",
    "cloudTotalSize",
    "deviceId",
    "userName",
    "logonTime",
    "scope",
    "entityId",
    "fields",
    "uid",
    "email",
    "cursor",
    "results",
    "lastBootTime",
    "serialNumber",
    "biosSerialNumber",
    "virtualMachine",
];

fn text() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        any::<String>(),
        "[0-9]{1,25}([.][0-9]{0,12})?",
        Just("\0\u{202e}<script>'; DROP TABLE devices;--\r\n=1+1".to_owned()),
        Just("ORGANIZATION".to_owned()),
    ]
}

fn value() -> impl Strategy<Value = Value> + Clone {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (1_i64..50).prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![vec(inner.clone(), 0..4).prop_map(Value::from), object(inner)]
    })
}

fn object(of: impl Strategy<Value = Value> + Clone) -> impl Strategy<Value = Value> + Clone {
    let key = prop_oneof![9 => select(KEYS).prop_map(str::to_owned), 1 => any::<String>()];
    vec((key, of), 0..9).prop_map(|pairs| pairs.into_iter().collect())
}

/// Bodies: rows in the order of their ids or in none, alone or in a report, whole or cut off; and bytes of any kind.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let rows = vec(object(value()), 0..6);
    let whole = (rows, any::<bool>(), any::<bool>()).prop_map(|(mut rows, number, report)| {
        if number {
            rows.iter_mut().enumerate().for_each(|(n, row)| row["id"] = json!(n + 1));
        }
        let rows = Value::from(rows);
        if report { json!({ "cursor": { "name": "c" }, "results": rows }) } else { rows }
            .to_string()
            .into_bytes()
    });
    prop_oneof![
        4 => whole.clone(),
        1 => (whole, any::<u16>()).prop_map(|(mut bytes, at)| {
            bytes.truncate(usize::from(at) % (bytes.len() + 1));
            bytes
        }),
        1 => value().prop_map(|v| v.to_string().into_bytes()),
        1 => vec(any::<u8>(), 0..200),
    ]
}

/// What holds for every page: a row is shown, told as lost, or was there before; and the page ends or goes on.
fn holds<T>(page: Result<Page<T>, Trouble>) -> Result<(), TestCaseError> {
    let Ok(page) = page else { return Ok(()) };
    prop_assert!(page.rows.len() + page.lost.len() <= page.raw);
    prop_assert!(page.ids.len() <= page.raw);
    prop_assert_eq!(page.next.is_none(), page.ended.is_some());
    prop_assert!(page.lost.iter().all(|lost| !lost.reason.is_empty()));
    Ok(())
}

/// A list goes on behind where it stood, or ends.
fn goes_on<T>(page: &Result<Page<T>, Trouble>, after: Option<Id>) -> Result<(), TestCaseError> {
    if let Ok(Page { next: Some(Position::After(next)), .. }) = page {
        prop_assert!(next.parse::<i64>().ok().map(Id) > after);
    }
    Ok(())
}

fn as_list<'de, T>(body: &'de [u8], after: Option<Id>) -> Result<(), TestCaseError>
where
    T: Remote + Deserialize<'de>,
{
    let page = page::list::<T>(body, after, "https://x.example");
    goes_on(&page, after)?;
    holds(page)
}

fn as_report<'de, T>(body: &'de [u8], at: Option<&Cursor>) -> Result<(), TestCaseError>
where
    T: Remote + Deserialize<'de>,
{
    holds(page::report::<T>(body, at, "https://x.example"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn any_body_is_read_or_refused(body in body(), after in proptest::option::of((-3_i64..60).prop_map(Id))) {
        as_list::<wire::Organization<'_>>(&body, after)?;
        as_list::<wire::Location<'_>>(&body, after)?;
        as_list::<wire::DeviceRef>(&body, after)?;
        as_list::<wire::Device<'_>>(&body, after)?;
        holds(page::whole::<wire::Role<'_>>(&body, ""))?;
        holds(page::whole::<wire::User<'_>>(&body, ""))?;
        let at = Cursor::parse("3:ff:c");
        for at in [None, at.as_ref()] {
            as_report::<wire::Logon<'_>>(&body, at)?;
            as_report::<wire::Backup>(&body, at)?;
            as_report::<wire::ScopedFields<'_>>(&body, at)?;
        }
        if let Ok(fields) = rows::object(&body) {
            remote::clues_in(&fields);
        }
        fault::word(&body);
    }

    /// What can be read whole is seen at a glance, too, row by row.
    #[test]
    fn a_glance_sees_what_reading_sees(body in body(), after in proptest::option::of((0_i64..60).prop_map(Id))) {
        let read = page::list::<wire::Device<'_>>(&body, after, "https://x.example");
        let glance = glance::page(&Bytes::from(body.clone()), after, "https://x.example");
        goes_on(&glance, after)?;
        if let Some(read) = read.ok().filter(|page| page.lost.is_empty()) {
            let Ok(glance) = glance else { return Err(TestCaseError::fail("it is refused at a glance")) };
            prop_assert_eq!(&read.ids, &glance.ids);
            prop_assert_eq!(read.next, glance.next);
            prop_assert!(glance.lost.is_empty());
            prop_assert!(glance.rows.into_iter().all(|row| row.read().is_ok()));
        } else {
            holds(glance)?;
        }
    }

    #[test]
    fn any_answer_is_judged(
        status in 100_u16..=599,
        retry in prop_oneof![text(), any::<u64>().prop_map(|n| n.to_string())],
        body in body(),
    ) {
        let mut headers = reqwest::header::HeaderMap::new();
        if let Ok(value) = retry.parse() {
            headers.insert(reqwest::header::RETRY_AFTER, value);
        }
        let answer = Answer { status, headers, body: body.into() };
        if let Some(trouble) = answer.common_trouble() {
            trouble.error.problem("NinjaOne");
        }
    }

    #[test]
    fn times_are_read_or_not(text in text()) {
        Moment::printed(&text);
    }

    #[test]
    fn cursors_are_read_or_not(text in prop_oneof![text(), "[0-9]{1,12}:[0-9a-fA-F]{1,18}:.{0,40}", "[0-9:a-f-]{0,30}"]) {
        if let Some(cursor) = Cursor::parse(&text) {
            let Position::Cursor(written) = Position::from(cursor) else { panic!("no cursor") };
            let again = Cursor::parse(&written).map(Position::from);
            prop_assert_eq!(again, Some(Position::Cursor(written)));
        }
    }

    #[test]
    fn what_is_written_as_a_cursor_is_read(pages in 1_u64..1_000_000, seen: u64, name in ".{0,60}") {
        let written = format!("{pages}:{seen:x}:{name}");
        let read = Cursor::parse(&written).map(Position::from);
        prop_assert_eq!(read, Some(Position::Cursor(written)));
    }
}
