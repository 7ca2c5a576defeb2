//! Which devices fit a text, on SQLite: what people search by stands in lines, and is read from end to end in one pass.

use crate::{
    Result, db,
    devices::pass::first::{First, Place, Spot},
};
use domain::page::{Direction, Window};
use memchr::memmem::Finder;
use sea_orm::DatabaseConnection;
use sqlite_direct::{Cell, Direct, Row};
use std::borrow::Cow;
use uuid::Uuid;

/// The inventory: what its list searches, put away or not.
const KEPT: &str = "SELECT device_id, text, remote_id, NULL, NULL FROM device_search WHERE tenant_id = ?";
/// Staging, with names that its lines leave out.
const STAGED: &str = "SELECT x.rowid, x.search_key, x.remote_id, x.bios_serial, x.netbios_name FROM remote_devices x NOT INDEXED
    WHERE x.tenant_id = ?";

/// What is looked for, in each of its notations.
struct Sought {
    words: Vec<Finder<'static>>,
    whole: Vec<u8>,
}

/// The devices of the inventory that fit, as far as they are within (` AND …`), whole matches first, at most `most`.
pub(super) async fn kept(
    (db, tenant): (&DatabaseConnection, Uuid),
    within: &str,
    sought: &[String],
    most: u32,
) -> Result<Vec<Uuid>> {
    let id = |row: &Row<'_>| row.bytes(0).and_then(|id| id.try_into().ok());
    scan((db, tenant), format!("{KEPT}{within}"), Sought::of(sought), most, id).await
}

/// The numbers of rows of staging that fit, as far as they are within (` AND …`), whole matches first, at most `most`.
pub(super) async fn staged(
    (db, tenant): (&DatabaseConnection, Uuid),
    within: &str,
    sought: &[String],
    most: u32,
) -> Result<Vec<i64>> {
    let id = |row: &Row<'_>| row.int(0).map(|number| i128::from(number).to_be_bytes());
    let found = scan((db, tenant), format!("{STAGED}{within}"), Sought::of(sought), most, id).await?;
    Ok(found.into_iter().filter_map(|id| i64::try_from(id.as_u128()).ok()).collect())
}

/// In a task of its own, so that inventory and staging are read at the same time.
async fn scan(
    (db, tenant): (&DatabaseConnection, Uuid),
    select: String,
    sought: Sought,
    most: u32,
    id: impl Fn(&Row<'_>) -> Option<[u8; 16]> + Send + 'static,
) -> Result<Vec<Uuid>> {
    let (db, window) = (db.clone(), Window { page: 1, size: most });
    let pass = move |direct: &Direct<'_>| {
        let mut first = First::of(window, Direction::Ascending);
        direct.select(&select, &[Cell::Bytes(tenant.as_bytes())], |row| {
            let text = row.bytes(1).unwrap_or_default();
            if let (Some(is_whole), Some(id)) = (sought.fits(text, &row), id(&row)) {
                let name = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
                let places = [Place::Number(i64::from(!is_whole)), Place::Unknown];
                first.show(&Spot { places, name: Cow::Borrowed(name), id });
            }
        })?;
        Ok(first.page(window).ids)
    };
    let task = tokio::spawn(async move { db::direct_apart(&db, pass).await });
    task.await.map_err(crate::Error::internal)?
}

impl Sought {
    fn of(sought: &[String]) -> Self {
        let words = sought.iter().map(|text| Finder::new(text.as_bytes()).into_owned()).collect();
        Self { words, whole: sought.first().map(|text| text.clone().into_bytes()).unwrap_or_default() }
    }

    /// Whether a row fits, and whether it does so whole: a line of its text, its id, or one of its other names.
    fn fits(&self, text: &[u8], row: &Row<'_>) -> Option<bool> {
        let is =
            |column: usize| row.bytes(column).is_some_and(|value| value.eq_ignore_ascii_case(&self.whole));
        let (has, mut lines) = (|word: &Finder<'_>| word.find(text).is_some(), self.words.iter());
        if is(2) || lines.any(|word| is_line(text, word)) {
            return Some(true);
        }
        (self.words.iter().any(has) || is(3) || is(4)).then_some(false)
    }
}

/// Whether a word is a whole line of a text.
fn is_line(text: &[u8], word: &Finder<'_>) -> bool {
    word.find_iter(text).any(|at| {
        let end = at + word.needle().len();
        (at == 0 || text[at - 1] == b'\n') && (end == text.len() || text[end] == b'\n')
    })
}
