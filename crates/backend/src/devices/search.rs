//! Which devices hold a text.
//!
//! SQLite keeps what a search looks at in a narrow table (`device_search`), which is read from end to end in a fraction of the
//! time that the rows themselves would take, and with a quicker search than its own. What is found is then named by id, or, where
//! very many devices hold the text, compared with the ids of the list's index. PostgreSQL looks into the rows of one tenant.

use crate::{Result, db, sql::Params};
use domain::device_list::{ArchivedFilter, needles};
use memchr::memmem::Finder;
use rustc_hash::FxHashSet;
use sea_orm::{DatabaseConnection, DbBackend};
use sqlite_direct::{Cell, Row};
use uuid::Uuid;

/// Most devices that are named by id.
const MOST_NAMED: usize = 1000;

/// A condition, and how many devices satisfy it if that is known.
pub(super) struct Found {
    pub sql: String,
    /// Whether it names them by id.
    pub named: bool,
    pub total: Option<i64>,
    /// All of them, where they are known and too many to be named.
    pub many: Option<FxHashSet<Uuid>>,
}

/// Texts that all have to be in a device's.
#[derive(Default)]
pub(super) struct Texts(Vec<Text>);

/// A text in several forms, of which one has to be there, or the vendor's id.
struct Text {
    forms: Vec<String>,
    id: Option<String>,
}

impl Texts {
    /// What was typed into a search.
    pub fn search(&mut self, text: &str) {
        self.0.push(Text { forms: needles(text), id: Some(text.trim().to_owned()) });
    }

    /// A text as it is, to narrow what another condition looks at: PostgreSQL needs no such help.
    pub fn hint(&mut self, db: &DatabaseConnection, text: &str) {
        if db.get_database_backend() == DbBackend::Sqlite {
            self.0.push(Text { forms: vec![text.to_lowercase()], id: None });
        }
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The condition that all are there: `has` says so of a form, `is` of an id.
    fn all(&self, mut condition: impl FnMut(&str, bool) -> String) -> String {
        let mut one = |text: &Text| {
            let mut any: Vec<String> = text.forms.iter().map(|form| condition(form, false)).collect();
            any.extend(text.id.as_deref().map(|id| condition(id, true)));
            format!("({})", any.join(" OR "))
        };
        self.0.iter().map(&mut one).collect::<Vec<_>>().join(" AND ")
    }
}

/// The condition of devices that hold all these texts.
pub(super) async fn found(
    db: &DatabaseConnection,
    tenant: Uuid,
    archived: Option<ArchivedFilter>,
    texts: &Texts,
    p: &mut Params,
) -> Result<Option<Found>> {
    if texts.is_empty() {
        return Ok(None);
    }
    if db.get_database_backend() == DbBackend::Postgres {
        return Ok(Some(Found { sql: in_rows("strpos", texts, p), named: false, total: None, many: None }));
    }
    let ids = scan(db, tenant, archived, texts).await?;
    let (named, total) = (ids.len() <= MOST_NAMED, i64::try_from(ids.len()).ok());
    let sql = if named {
        let ids = serde_json::Value::from_iter(ids.iter().map(|id| id.simple().to_string()));
        format!("d.id IN (SELECT unhex(value) FROM json_each({}))", p.push(ids.to_string()))
    } else {
        in_rows("instr", texts, p)
    };
    let many = (!named).then(|| ids.into_iter().collect());
    Ok(Some(Found { sql, named, total, many }))
}

/// Reads the narrow table: the ids of devices that hold the texts.
async fn scan(
    db: &DatabaseConnection,
    tenant: Uuid,
    archived: Option<ArchivedFilter>,
    texts: &Texts,
) -> Result<Vec<Uuid>> {
    let states = match archived {
        None => "state = 0",
        Some(ArchivedFilter::Only) => "state = 1",
        Some(ArchivedFilter::With) => "state < 2",
    };
    let select =
        format!("SELECT device_id, text, remote_id FROM device_search WHERE tenant_id = ? AND {states}");
    let finders =
        |text: &'_ Text| text.forms.iter().map(|f| Finder::new(f.as_bytes()).into_owned()).collect();
    let finders: Vec<(Vec<Finder<'_>>, Option<&[u8]>)> =
        texts.0.iter().map(|t| (finders(t), t.id.as_deref().map(str::as_bytes))).collect();
    let holds = |row: &Row<'_>| {
        let text = row.bytes(1).unwrap_or_default();
        let mut all = finders.iter();
        all.all(|(forms, id)| {
            forms.iter().any(|f| f.find(text).is_some()) || id.is_some() && row.bytes(2) == *id
        })
    };
    let mut ids = Vec::new();
    db::direct_apart(db, |direct| {
        direct.select(&select, &[Cell::Bytes(tenant.as_bytes())], |row| {
            if holds(&row) {
                ids.extend(row.bytes(0).and_then(|id| Uuid::from_slice(id).ok()));
            }
        })?;
        Ok(())
    })
    .await?;
    Ok(ids)
}

/// The condition on the rows themselves; `find` is the function that finds a text in another.
fn in_rows(find: &str, texts: &Texts, p: &mut Params) -> String {
    texts.all(|text, is_id| {
        let mark = p.push(text);
        if is_id {
            return format!("d.remote_id = {mark}");
        }
        let columns = ["d.search_key", "lower(d.netbios_name)", "lower(d.asset_tag)", "lower(d.last_user)"];
        columns.map(|c| format!("{find}({c}, {mark}) > 0")).join(" OR ")
    })
}
