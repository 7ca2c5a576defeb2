//! Heartbeats of PostgreSQL, many to a row.

use crate::{Result, db::Tx, runs::RunContext, sql};
use domain::sync::Beat;
use migrations::BEATS_OF_A_PAGE as PAGE;
use sea_orm::{FromQueryResult, Value, sea_query::ArrayType};
use std::collections::BTreeMap;

#[derive(FromQueryResult)]
struct Page {
    page: i64,
    last_contacts: String,
    offlines: String,
}

/// So many numbers that no device has: first what is left on the integration's pages, then new ones. Nobody else gives out numbers
/// for the integration meanwhile: a run is alone with it.
pub async fn numbers(ctx: &RunContext, tx: &Tx, n: usize) -> Result<Vec<i64>> {
    #[derive(FromQueryResult)]
    struct Place {
        page: i64,
        used: i64,
    }
    let select = format!(
        "SELECT page, CAST(cardinality(last_contacts) AS bigint) AS used FROM remote_device_beat_pages
         WHERE integration_id = $1 AND cardinality(last_contacts) < {PAGE} ORDER BY page"
    );
    let begun: Vec<Place> = sql::all(tx, &select, vec![ctx.integration_id().into()]).await?;
    let mut numbers: Vec<i64> =
        begun.iter().flat_map(|p| p.page * PAGE + p.used..(p.page + 1) * PAGE).take(n).collect();
    let missing = i64::try_from(n - numbers.len()).unwrap_or(i64::MAX);
    if missing > 0 {
        let select = "SELECT nextval('remote_device_beat_page_numbers') AS page, CAST(0 AS bigint) AS used
            FROM generate_series(1, $1)";
        let pages = missing / PAGE + i64::from(missing % PAGE > 0);
        let new: Vec<Place> = sql::all(tx, select, vec![pages.into()]).await?;
        let places = new.iter().flat_map(|p| p.page * PAGE..(p.page + 1) * PAGE);
        numbers.extend(places.take(n - numbers.len()));
    }
    Ok(numbers)
}

/// Writes heartbeats, each under its number.
pub async fn write(ctx: &RunContext, tx: &Tx, beats: impl Iterator<Item = (i64, Beat)>) -> Result<()> {
    let mut pages: BTreeMap<i64, Vec<(usize, Beat)>> = BTreeMap::new();
    for (no, beat) in beats {
        let place = usize::try_from(no.rem_euclid(PAGE)).unwrap_or_default();
        pages.entry(no.div_euclid(PAGE)).or_default().push((place, beat));
    }
    if pages.is_empty() {
        return Ok(());
    }
    let mut held = held(tx, pages.keys().copied()).await?;
    let (mut numbers, mut last_contacts, mut offlines) = (Vec::new(), Vec::new(), Vec::new());
    for (page, changed) in pages {
        let mut all = held.remove(&page).unwrap_or_default();
        for (place, beat) in changed {
            if all.len() <= place {
                all.resize(place + 1, Beat::default());
            }
            all[place] = beat;
        }
        numbers.push(Value::from(page));
        last_contacts.push(Value::from(array(&all, |out, beat| beat.last_contact.map(|at| push(out, at)))));
        offlines.push(Value::from(array(&all, |out, beat| beat.offline.map(|off| push(out, off)))));
    }
    let insert = "INSERT INTO remote_device_beat_pages (page, integration_id, last_contacts, offlines)
        SELECT page, $4, CAST(last_contacts AS bigint[]), CAST(offlines AS boolean[])
        FROM unnest($1, $2, $3) AS u (page, last_contacts, offlines)
        ON CONFLICT (page) DO UPDATE SET last_contacts = excluded.last_contacts, offlines = excluded.offlines";
    let many = |kind, values| Value::Array(kind, Some(Box::new(values)));
    let values = vec![
        many(ArrayType::BigInt, numbers),
        many(ArrayType::String, last_contacts),
        many(ArrayType::String, offlines),
        ctx.integration_id().into(),
    ];
    sql::execute(tx, insert, values).await?;
    Ok(())
}

/// What the pages hold that are there.
async fn held(tx: &Tx, pages: impl Iterator<Item = i64>) -> Result<BTreeMap<i64, Vec<Beat>>> {
    let select = "SELECT page, array_to_string(last_contacts, ',', '') AS last_contacts,
            array_to_string(offlines, ',', '') AS offlines FROM remote_device_beat_pages WHERE page = ANY ($1)";
    let pages = Value::Array(ArrayType::BigInt, Some(Box::new(pages.map(Value::from).collect())));
    let rows: Vec<Page> = sql::all(tx, select, vec![pages]).await?;
    let beats = |row: &Page| {
        let pairs = row.last_contacts.split(',').zip(row.offlines.split(','));
        let beat = |(at, off): (&str, &str)| Beat {
            last_contact: at.parse().ok(),
            offline: (!off.is_empty()).then_some(off == "t" || off == "true"),
        };
        pairs.map(beat).collect()
    };
    Ok(rows.iter().map(|row| (row.page, beats(row))).collect())
}

/// An array as PostgreSQL writes it; `item` writes what is there of a heartbeat.
fn array(beats: &[Beat], item: impl Fn(&mut String, &Beat) -> Option<()>) -> String {
    let mut out = String::with_capacity(beats.len() * 17 + 2);
    for beat in beats {
        out.push(if out.is_empty() { '{' } else { ',' });
        if item(&mut out, beat).is_none() {
            out.push_str("NULL");
        }
    }
    out + "}"
}

fn push(out: &mut String, value: impl ToString) {
    out.push_str(&value.to_string());
}
