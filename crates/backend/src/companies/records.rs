//! What companies, locations and device types share: a name, a version, an archive.

use crate::{
    Error, Result, Tenant,
    db::Tx,
    error::is_duplicate,
    sql,
    tenant::{Access, CanManage},
};
use domain::{
    error::UserError,
    page::{Direction, Window},
};
use sea_orm::DbErr;
use uuid::Uuid;

/// A table of named records. The texts of its errors name its noun.
pub(crate) struct Records {
    pub table: &'static str,
    pub noun: &'static str,
}

impl Records {
    /// Nothing of this tenant has the id.
    pub fn missing(&self) -> UserError {
        UserError::not_found(self.noun)
    }

    /// What the user is told when a write fails: a taken name is theirs to change, the rest is ours.
    pub fn write_error(&self, error: DbErr, name: &str) -> Error {
        if is_duplicate(&error) { self.taken(name, "Choose another name.").into() } else { error.into() }
    }

    fn taken(&self, name: &str, advice: &str) -> UserError {
        let noun = self.noun;
        let mut error = UserError::conflict(format!("There is a {noun} named \"{name}\" already. {advice}"));
        error.field = Some("name".into());
        error
    }

    /// Explains an update that touched no row: the record is gone, or it has another version by now.
    pub async fn settle<A: Access>(&self, tenant: &Tenant<A>, tx: &Tx, id: Uuid, touched: u64) -> Result<()> {
        if touched > 0 {
            return Ok(());
        }
        let sql = format!("SELECT count(*) AS n FROM {} WHERE id = $1 AND tenant_id = $2", self.table);
        let there = sql::count(tx, &sql, vec![id.into(), tenant.id().into()]).await?;
        if there == 0 {
            return Err(self.missing().into());
        }
        Err(UserError::outdated(&format!("this {}", self.noun)).into())
    }

    /// Archives or restores a record; what is so already stays untouched. Answers whether it was otherwise.
    pub async fn archive<A: CanManage>(
        &self,
        tenant: &Tenant<A>,
        tx: &Tx,
        (id, name): (Uuid, &str),
        archived: bool,
    ) -> Result<bool> {
        let (to, when) = if archived { ("$3", "IS NULL") } else { ("NULL", "IS NOT NULL") };
        let sql = format!(
            "UPDATE {} SET archived_at = {to}, updated_at = $3, version = version + 1 \
             WHERE id = $1 AND tenant_id = $2 AND archived_at {when}",
            self.table
        );
        match sql::execute(tx, &sql, vec![id.into(), tenant.id().into(), tenant.now().into()]).await {
            Err(e) if is_duplicate(&e) => {
                Err(self.taken(name, "Rename one of the two, then restore this one.").into())
            }
            other => Ok(other? > 0),
        }
    }
}

/// The end of a list's query: sorted by `column`, then by name and id so that pages never overlap.
pub(crate) fn page_of(column: &str, direction: Direction, alias: &str, window: Window) -> String {
    let way = if direction == Direction::Descending { "DESC" } else { "ASC" };
    let (size, offset) = (window.size, window.offset());
    format!(" ORDER BY {column} {way}, {alias}.name_key, {alias}.id LIMIT {size} OFFSET {offset}")
}

/// Whether a row of `alias` is archived, as a condition.
pub(crate) fn archived_is(alias: &str, archived: bool) -> String {
    format!("{alias}.archived_at IS {}NULL", if archived { "NOT " } else { "" })
}
