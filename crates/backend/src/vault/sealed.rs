//! The rows with sealed secrets, of every kind, and whether the keyring opens them.

use super::{DataKey, Owner, keyring::Keyring};
use crate::{
    Error, Result,
    audit::Subject,
    sql::{self, Params},
};
use domain::{audit::AuditAction, error::UserError};
use sea_orm::{ConnectionTrait, DatabaseConnection, QueryResult};
use secrecy::SecretString;
use uuid::Uuid;

/// In place of a key's id: the secrets were given up, and have to be entered again.
pub(crate) const LOST: &str = "lost";
/// Rows read at a time.
const PAGE: usize = 50;

/// A table with sealed secrets: its columns `key_id` and `data_key` are those of [`DataKey`].
pub(super) struct Place {
    pub table: &'static str,
    /// The column of the row's id.
    pub id: &'static str,
    /// What a row is, for people.
    noun: &'static str,
    /// The name of row `s`, as SQL.
    name: &'static str,
    /// Columns of sealed texts, each with the name of the field that the text is bound to.
    pub fields: &'static [(&'static str, &'static str)],
    owner: fn(Uuid, Uuid) -> Owner,
    /// What the audit log says of a row that was given up.
    pub given_up: fn(Uuid, &str) -> (AuditAction, Subject),
    /// Whether rows have `refused` and `problem`, to say that their secrets were given up.
    pub tells: bool,
}

/// Every one of them.
pub(super) const PLACES: [Place; 2] = [
    Place {
        table: "integrations",
        id: "id",
        noun: "integration",
        name: "s.name",
        fields: &[("client_id", "client_id"), ("client_secret", "client_secret")],
        owner: Owner::integration,
        given_up: |id, name| (AuditAction::IntegrationChanged, Subject::integration(id.into(), name)),
        tells: true,
    },
    Place {
        table: "second_factors",
        id: "user_id",
        noun: "second factor",
        name: "(SELECT u.email FROM users u WHERE u.id = s.user_id)",
        fields: &[("secret", "second_factor")],
        owner: Owner::user,
        given_up: |id, name| (AuditAction::SecondFactorReset, Subject::user(id.into(), name)),
        tells: false,
    },
];

/// A row as it was read. No `Debug`: not even what is sealed reaches a log.
pub(super) struct Sealed {
    pub place: &'static Place,
    pub id: Uuid,
    pub tenant: Uuid,
    tenant_name: String,
    pub name: String,
    pub key_id: String,
    pub data_key: Vec<u8>,
    fields: Vec<Vec<u8>>,
}

/// Which rows to read.
#[derive(Clone, Copy)]
pub(super) enum Which<'a> {
    All,
    SealedBy(&'a str),
    NotSealedBy(&'a str),
}

impl Sealed {
    pub fn owner(&self) -> Owner {
        (self.place.owner)(self.tenant, self.id)
    }

    /// For people: `integration "NinjaOne" of Northwind MSP`.
    pub fn label(&self) -> String {
        format!("{} \"{}\" of {}", self.place.noun, self.name, self.tenant_name)
    }

    /// Every secret of the row, in the order of its place's fields.
    pub fn open(&self, ring: &Keyring) -> Result<Vec<SecretString>> {
        let owner = self.owner();
        let key: DataKey = ring.data_key(owner, &self.key_id, &self.data_key)?;
        let fields = self.place.fields.iter().zip(&self.fields);
        fields.map(|((_, field), sealed)| key.open(owner, field, sealed)).collect()
    }

    /// Makes assignments to the row, if it is still what was read: every save of secrets makes a data key of its own.
    pub async fn replace(&self, db: &impl ConnectionTrait, set: Vec<String>, mut p: Params) -> Result<bool> {
        let (id, tenant, key) = (p.push(self.id), p.push(self.tenant), p.push(self.data_key.clone()));
        let Place { table, id: column, .. } = self.place;
        let update = format!(
            "UPDATE {table} SET {} WHERE {column} = {id} AND tenant_id = {tenant} AND data_key = {key}",
            set.join(", ")
        );
        Ok(sql::execute(db, &update, p.0).await? == 1)
    }

    fn read(place: &'static Place, row: &QueryResult) -> Result<Self> {
        let fields = place.fields.iter().map(|(column, _)| row.try_get("", column));
        Ok(Self {
            place,
            id: row.try_get("", "row_id")?,
            tenant: row.try_get("", "tenant_id")?,
            tenant_name: row.try_get("", "tenant_name")?,
            name: row.try_get("", "row_name")?,
            key_id: row.try_get("", "key_id")?,
            data_key: row.try_get("", "data_key")?,
            fields: fields.collect::<Result<_, _>>()?,
        })
    }
}

/// Up to `PAGE` rows of a place in the order of their ids, behind `after`.
pub(super) async fn page(
    db: &DatabaseConnection,
    place: &'static Place,
    which: Which<'_>,
    after: Uuid,
) -> Result<Vec<Sealed>> {
    let Place { table, id, name, .. } = place;
    let (compare, key) = match which {
        Which::All => ("<>", ""),
        Which::SealedBy(key) => ("=", key),
        Which::NotSealedBy(key) => ("<>", key),
    };
    let fields: Vec<String> = place.fields.iter().map(|(column, _)| format!("s.{column}")).collect();
    let select = format!(
        "SELECT s.{id} AS row_id, s.tenant_id, t.name AS tenant_name, {name} AS row_name, s.key_id, s.data_key, {}
         FROM {table} s JOIN tenants t ON t.id = s.tenant_id
         WHERE s.key_id <> '{LOST}' AND s.key_id {compare} $1 AND s.{id} > $2 ORDER BY s.{id} LIMIT {PAGE}",
        fields.join(", ")
    );
    let rows = sql::rows(db, &select, vec![key.into(), after.into()]).await?;
    rows.iter().map(|row| Sealed::read(place, row)).collect()
}

/// How many rows each master key seals.
pub(super) async fn by_key(db: &impl ConnectionTrait) -> Result<Vec<(String, i64)>> {
    let each: Vec<String> = PLACES
        .iter()
        .map(|place| format!("SELECT key_id FROM {} WHERE key_id <> '{LOST}'", place.table))
        .collect();
    let select = format!(
        "SELECT key_id, count(*) AS n FROM ({}) AS sealed GROUP BY key_id ORDER BY key_id",
        each.join(" UNION ALL ")
    );
    let rows = sql::rows(db, &select, Vec::new()).await?;
    let read = |row: &QueryResult| -> Result<(String, i64)> {
        Ok((row.try_get("", "key_id")?, row.try_get("", "n")?))
    };
    rows.iter().map(read).collect()
}

/// How many rows have sealed secrets.
pub(crate) async fn count(db: &impl ConnectionTrait) -> Result<i64> {
    Ok(by_key(db).await?.iter().map(|(_, n)| n).sum())
}

/// Refuses a vault that is not the database's: one that lacks a key, or has another one in its place. One row that opens is
/// enough for a key; a damaged row is told when it is used, and by `vault check`.
pub(crate) async fn verify(db: &DatabaseConnection, vault: &super::Vault) -> Result<()> {
    let ring = vault.ring();
    for (key_id, n) in by_key(db).await? {
        if !ring.holds(&key_id) {
            return Err(foreign(&key_id, n, "has no such key"));
        }
        if !opens_one(db, &ring, &key_id).await? {
            return Err(foreign(&key_id, n, "has another key of that id, or the secrets are damaged"));
        }
    }
    Ok(())
}

async fn opens_one(db: &DatabaseConnection, ring: &Keyring, key_id: &str) -> Result<bool> {
    for place in &PLACES {
        let mut after = Uuid::nil();
        loop {
            let rows = page(db, place, Which::SealedBy(key_id), after).await?;
            let Some(last) = rows.last() else { break };
            after = last.id;
            if rows.iter().any(|row| row.open(ring).is_ok()) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn foreign(key_id: &str, n: i64, what: &str) -> Error {
    UserError::conflict(format!(
        "This keyring does not belong to this database: key \"{key_id}\" seals secrets there ({n}), and the keyring {what}. \
         Restore the right one; nothing was changed. \"msportal vault check\" tells what cannot be opened."
    ))
    .into()
}
