//! Which devices hold a text.
//!
//! SQLite keeps what a search looks at in a narrow table (`device_search`), which is read from end to end in a fraction of the
//! time that the rows themselves would take, and with a quicker search than its own. What is found is then named by id, or, where
//! very many devices hold the text, compared with the ids of the list's index. PostgreSQL looks into the rows of one tenant.

use super::pass::middle::Middle;
use crate::{
    Error, Result, db,
    sql::{self, Params},
};
use domain::device_list::{ArchivedFilter, needles};
use futures::future::try_join_all;
use memchr::memmem::Finder;
use rustc_hash::FxHashSet;
use sea_orm::{DatabaseConnection, DbBackend};
use sqlite_direct::{Cell, Row};
use std::sync::Arc;
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
        let mut forms: Vec<String> = needles(text).iter().flat_map(|form| sql::cases(form)).collect();
        // As it was typed, too: `needles` are all in lower case.
        let typed = text.trim().to_ascii_lowercase();
        if !forms.contains(&typed) {
            forms.push(typed);
        }
        self.0.push(Text { forms, id: Some(text.trim().to_owned()) });
    }

    /// A text as it is, to narrow what another condition looks at: PostgreSQL needs no such help.
    pub fn hint(&mut self, db: &DatabaseConnection, text: &str) {
        if db.get_database_backend() == DbBackend::Sqlite {
            self.0.push(Text { forms: vec![text.to_lowercase()], id: None });
        }
    }

    pub fn is_empty(&self) -> bool {
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

/// The condition of devices that hold all these texts; SQLite looks on both sides of `middle` at the same time.
pub(super) async fn found(
    db: &DatabaseConnection,
    (tenant, middle): (Uuid, Option<&Middle>),
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
    let ids = scan(db, (tenant, middle), archived, texts).await?;
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
    (tenant, middle): (Uuid, Option<&Middle>),
    archived: Option<ArchivedFilter>,
    texts: &Texts,
) -> Result<Vec<Uuid>> {
    let states = match archived {
        None => "state = 0",
        Some(ArchivedFilter::Only) => "state = 1",
        Some(ArchivedFilter::With) => "state < 2",
    };
    let select = |half: &str| {
        format!(
            "SELECT device_id, text, remote_id FROM device_search WHERE tenant_id = ?1 AND {states}{half}"
        )
    };
    let halves = match middle {
        Some(_) => vec![select(" AND device_id < ?2"), select(" AND device_id >= ?2")],
        None => vec![select("")],
    };
    let middle = middle.map(|middle| middle.id);
    let sought = Arc::new(Sought::of(texts));
    let parts = halves.into_iter().map(|select| {
        let (db, sought) = (db.clone(), sought.clone());
        tokio::spawn(async move {
            let values = [Some(tenant.as_bytes()), middle.as_ref()];
            let values: Vec<Cell<'_>> = values.into_iter().flatten().map(|id| Cell::Bytes(id)).collect();
            db::direct_apart(&db, |direct| {
                let mut ids = Vec::new();
                direct.select(&select, &values, |row| {
                    if sought.is_in(&row) {
                        ids.extend(row.bytes(0).and_then(|id| Uuid::from_slice(id).ok()));
                    }
                })?;
                Ok(ids)
            })
            .await
        })
    });
    let parts: Result<Vec<Vec<Uuid>>> =
        try_join_all(parts).await.map_err(Error::internal)?.into_iter().collect();
    Ok(parts?.concat())
}

/// Texts, ready to be looked for: for each the forms of which one has to be there, or the vendor's id.
struct Sought(Vec<(Vec<Finder<'static>>, Option<Vec<u8>>)>);

impl Sought {
    fn of(texts: &Texts) -> Self {
        let finder = |form: &String| Finder::new(form.as_bytes()).into_owned();
        let id = |text: &Text| text.id.clone().map(String::into_bytes);
        Self(texts.0.iter().map(|text| (text.forms.iter().map(finder).collect(), id(text))).collect())
    }

    fn is_in(&self, row: &Row<'_>) -> bool {
        let text = row.bytes(1).unwrap_or_default();
        self.0.iter().all(|(forms, id)| {
            forms.iter().any(|form| form.find(text).is_some())
                || id.is_some() && row.bytes(2) == id.as_deref()
        })
    }
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
