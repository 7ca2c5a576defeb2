//! The companies of a user, an API token or an invitation.

use crate::{
    Result,
    db::Tx,
    sql::{self, Params},
};
use domain::{
    company::CompanyRef,
    error::UserError,
    ids::CompanyId,
    users::{MAX_ASSIGNED, checked_companies},
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

/// A row of `table` that may be limited.
#[derive(Clone, Copy)]
pub(crate) struct Holder {
    table: &'static str,
    pub id: Uuid,
}

impl Holder {
    pub fn user(id: Uuid) -> Self {
        Self { table: "users", id }
    }

    pub fn api_token(id: Uuid) -> Self {
        Self { table: "api_tokens", id }
    }

    pub fn invitation(id: Uuid) -> Self {
        Self { table: "invitations", id }
    }

    /// The companies that it is limited to, by name; `None` when it is not limited.
    pub async fn companies(self, db: &impl ConnectionTrait, tenant: Uuid) -> Result<Option<Vec<CompanyRef>>> {
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
            name: String,
        }
        let limited = format!(
            "SELECT count(*) AS n FROM {} WHERE id = $1 AND tenant_id = $2 AND restricted",
            self.table
        );
        if sql::count(db, &limited, vec![self.id.into(), tenant.into()]).await? == 0 {
            return Ok(None);
        }
        let select = "SELECT c.id, c.name FROM assigned_companies a JOIN companies c ON c.id = a.company_id
            WHERE a.holder_id = $1 AND c.tenant_id = $2 ORDER BY c.name_key, c.id";
        let rows: Vec<Row> = sql::all(db, select, vec![self.id.into(), tenant.into()]).await?;
        Ok(Some(rows.into_iter().map(|row| CompanyRef { id: row.id.into(), name: row.name }).collect()))
    }

    /// Limits it to these companies of the tenant, or lets it see all of them. `within` is what the one who does it is limited to
    /// (`Tenant::within`, of `c.id`): a company beyond is as one that never was.
    pub async fn assign(
        self,
        tx: &Tx,
        tenant: Uuid,
        companies: Option<&[CompanyId]>,
        within: &str,
    ) -> Result<()> {
        let update = format!("UPDATE {} SET restricted = $3 WHERE id = $1 AND tenant_id = $2", self.table);
        let values = vec![self.id.into(), tenant.into(), companies.is_some().into()];
        sql::execute(tx, &update, values).await?;
        self.forget(tx).await?;
        // What is decided now no undone merge changes.
        let decided = "DELETE FROM company_merge_rows WHERE kind = 'holder' AND row_id = $1 AND merge_id IN (
            SELECT id FROM company_merges WHERE tenant_id = $2 AND undone_at IS NULL)";
        sql::execute(tx, decided, vec![self.id.into(), tenant.into()]).await?;
        let Some(companies) = companies else { return Ok(()) };
        let companies = checked_companies(companies)?;
        for chunk in companies.chunks(MAX_ASSIGNED / 4) {
            let mut p = Params(vec![tenant.into(), self.id.into()]);
            let insert = format!(
                "INSERT INTO assigned_companies (holder_id, company_id, tenant_id)
                 SELECT CAST($2 AS {{uuid}}), c.id, c.tenant_id FROM companies c
                 WHERE c.tenant_id = $1 AND c.id IN ({}){within}",
                p.list(chunk.iter().map(|company| company.0))
            );
            let assigned = sql::execute(tx, &sql::typed(tx, &insert), p.0).await?;
            if usize::try_from(assigned) != Ok(chunk.len()) {
                return Err(UserError::not_found("company").into());
            }
        }
        Ok(())
    }

    /// Forgets its companies, once it is gone.
    pub async fn forget(self, tx: &Tx) -> Result<()> {
        let delete = "DELETE FROM assigned_companies WHERE holder_id = $1";
        sql::execute(tx, delete, vec![self.id.into()]).await?;
        Ok(())
    }

    /// Hands its companies on to a new row, which is limited as this one was.
    pub async fn hand_on(self, tx: &Tx, limited: bool, to: Self) -> Result<()> {
        let update = format!("UPDATE {} SET restricted = $2 WHERE id = $1", to.table);
        sql::execute(tx, &update, vec![to.id.into(), limited.into()]).await?;
        let hand = "UPDATE assigned_companies SET holder_id = $2 WHERE holder_id = $1";
        sql::execute(tx, hand, vec![self.id.into(), to.id.into()]).await?;
        let merged = "UPDATE company_merge_rows SET row_id = $2 WHERE kind = 'holder' AND row_id = $1";
        sql::execute(tx, merged, vec![self.id.into(), to.id.into()]).await?;
        Ok(())
    }
}

/// How many companies the row under `alias` is limited to, as a column; NULL when it is not limited.
pub(crate) fn count(alias: &str) -> String {
    format!(
        "CASE WHEN {alias}.restricted
            THEN (SELECT count(*) FROM assigned_companies own WHERE own.holder_id = {alias}.id) END"
    )
}

/// Whoever is limited to a company is so to the one that it goes into.
pub(crate) async fn merge(tx: &Tx, tenant: Uuid, from: CompanyId, into: CompanyId) -> Result<()> {
    let values = || vec![tenant.into(), from.0.into(), into.0.into()];
    let both = "DELETE FROM assigned_companies WHERE tenant_id = $1 AND company_id = $2 AND holder_id IN (
        SELECT own.holder_id FROM assigned_companies own WHERE own.company_id = $3)";
    sql::execute(tx, both, values()).await?;
    let rest = "UPDATE assigned_companies SET company_id = $3 WHERE tenant_id = $1 AND company_id = $2";
    sql::execute(tx, rest, values()).await?;
    Ok(())
}

/// The way back of [`merge`], for those who are still limited to the company that it went into.
pub(crate) async fn unmerge(
    tx: &Tx,
    tenant: Uuid,
    merge: Uuid,
    (company, from): (CompanyId, CompanyId),
) -> Result<()> {
    let values = || vec![tenant.into(), company.0.into(), from.0.into(), merge.into()];
    let back = "INSERT INTO assigned_companies (holder_id, company_id, tenant_id)
        SELECT m.row_id, CAST($2 AS {uuid}), m.tenant_id FROM company_merge_rows m
        WHERE m.tenant_id = $1 AND m.merge_id = $4 AND m.kind = 'holder' AND EXISTS (SELECT 1 FROM assigned_companies own
            WHERE own.holder_id = m.row_id AND own.company_id = $3)
        ON CONFLICT (holder_id, company_id) DO NOTHING";
    sql::execute(tx, &sql::typed(tx, back), values()).await?;
    // Those who had been limited to both keep both.
    let only = "DELETE FROM assigned_companies WHERE tenant_id = $1 AND company_id = $3 AND holder_id IN (
        SELECT m.row_id FROM company_merge_rows m WHERE m.merge_id = $4 AND m.kind = 'holder' AND m.status = 'one')
        AND holder_id IN (SELECT own.holder_id FROM assigned_companies own WHERE own.company_id = $2)";
    sql::execute(tx, only, values()).await?;
    Ok(())
}
