//! Companies: list, create, change, archive, import.

pub(crate) mod created;
mod give_back;
pub(crate) mod history;
mod import;
mod list;
mod merge;
mod merge_record;
mod overview;
pub(crate) mod records;
mod unmerge;
mod unmerge_plan;

pub(crate) use merge_record::prune as prune_merges;

use crate::{
    Result, Tenant,
    audit::{self, Subject},
    clock::new_id,
    db, sql,
    tenant::{Access, CanManage},
};
use domain::{
    audit::AuditAction::{CompanyArchived, CompanyChanged, CompanyCreated, CompanyRestored},
    company::{Company, CompanyInput, name_key},
    company_overview::CompanyEventKind,
    ids::CompanyId,
};
use history::NewEvent;
use records::Records;
use sea_orm::Value;
use serde_json::json;

/// How the three kinds of named record are told apart.
pub(crate) const COMPANIES: Records = Records { table: "companies", noun: "company" };

impl<A: Access> Tenant<A> {
    /// One company, archived or not.
    pub async fn company(&self, id: CompanyId) -> Result<Company> {
        let found = list::find(self.db(), self.id(), id.0, &self.within("c.id")).await?;
        Ok(found.ok_or_else(|| COMPANIES.missing())?)
    }
}

impl<A: CanManage> Tenant<A> {
    /// A new company; a second one of the same name is a conflict.
    pub async fn create_company(&self, input: CompanyInput) -> Result<Company> {
        let input = input.checked()?;
        let id = new_id();
        let mut values: Vec<Value> = vec![id.into(), self.id().into(), self.now().into()];
        values.extend(columns(&input));
        let sql = "INSERT INTO companies (id, tenant_id, name, name_key, domain, phone, address, psa_ref, version, created_at, updated_at) \
                   VALUES ($1, $2, $4, $5, $6, $7, $8, $9, 1, $3, $3)";
        let tx = db::begin(self.db()).await?;
        sql::execute(&tx, sql, values).await.map_err(|e| COMPANIES.write_error(e, &input.name))?;
        self.note_companies(&tx, [created::company(CompanyId(id), created::By::Hand)]).await?;
        let subject = Subject::company(CompanyId(id), &input.name);
        audit::note(self, &tx, CompanyCreated, subject, json!({})).await?;
        tx.commit().await?;
        self.company(CompanyId(id)).await
    }

    /// Changes a company. With `version`, only if nobody else has changed it since.
    pub async fn update_company(
        &self,
        id: CompanyId,
        input: CompanyInput,
        version: Option<i64>,
    ) -> Result<Company> {
        let input = input.checked()?;
        let mut values: Vec<Value> = vec![id.0.into(), self.id().into(), self.now().into()];
        values.extend(columns(&input));
        values.push(version.into());
        let sql = "UPDATE companies SET name = $4, name_key = $5, domain = $6, phone = $7, address = $8, psa_ref = $9, \
                   version = version + 1, updated_at = $3 \
                   WHERE id = $1 AND tenant_id = $2 AND version = COALESCE($10, version)";
        let tx = db::begin(self.db()).await?;
        // Held until the end: what the history says it was before is what this edit found.
        let hold = "UPDATE companies SET name = name WHERE id = $1 AND tenant_id = $2";
        sql::execute(&tx, hold, vec![id.0.into(), self.id().into()]).await?;
        let before = list::find(&tx, self.id(), id.0, &self.within("c.id")).await?;
        let before = before.ok_or_else(|| COMPANIES.missing())?;
        let done = sql::execute(&tx, sql, values).await;
        let touched = done.map_err(|e| COMPANIES.write_error(e, &input.name))?;
        COMPANIES.settle(self, &tx, id.0, touched).await?;
        let fields = history::fields(&before, &input);
        if let Some(words) = history::changed(&fields) {
            self.note_companies(&tx, [NewEvent::new(id, CompanyEventKind::Changed, words)]).await?;
            let (subject, details) = (Subject::company(id, &input.name), audit::difference(&fields));
            audit::note(self, &tx, CompanyChanged, subject, details).await?;
        }
        tx.commit().await?;
        self.company(id).await
    }

    /// Archives a company, or restores it. Restoring into a name that is taken by now is a conflict.
    ///
    /// Its mappings stay: restored, everything is as before. Until then its devices wait.
    pub async fn archive_company(&self, id: CompanyId, archived: bool) -> Result<Company> {
        let company = self.company(id).await?;
        let tx = db::begin(self.db()).await?;
        if COMPANIES.archive(self, &tx, (id.0, &company.name), archived).await? {
            let (kind, detail) = history::archived(archived);
            self.note_companies(&tx, [NewEvent::new(id, kind, detail)]).await?;
            let action = if archived { CompanyArchived } else { CompanyRestored };
            audit::note(self, &tx, action, Subject::company(id, &company.name), json!({})).await?;
        }
        tx.commit().await?;
        self.company(id).await
    }
}

fn columns(input: &CompanyInput) -> [Value; 6] {
    [
        input.name.as_str().into(),
        name_key(&input.name).into(),
        input.domain.clone().into(),
        input.phone.clone().into(),
        input.address.clone().into(),
        input.psa_ref.clone().into(),
    ]
}
