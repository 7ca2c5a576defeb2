//! Companies from a CSV file.

use crate::{
    Result, Tenant,
    audit::{self, Subject},
    clock::new_id,
    csv_files::{self, CHUNK, Known, Line, Plan},
    db,
    sql::{self, Params},
    tenant::CanManage,
};
use domain::{
    audit::{AuditAction, AuditKind},
    company::{CompanyInput, name_key},
    csv_import::{COMPANY_COLUMNS, ImportReport},
    error::UserError,
};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    name: String,
    name_key: String,
    domain: Option<String>,
    phone: Option<String>,
    address: Option<String>,
    psa_ref: Option<String>,
}

impl<A: CanManage> Tenant<A> {
    /// Creates and updates companies from CSV text; an empty cell leaves what is there. `dry_run` writes nothing and
    /// reports the same.
    pub async fn import_companies(&self, csv: &str, dry_run: bool) -> Result<ImportReport> {
        let mut file = csv_files::read(csv, COMPANY_COLUMNS, 1)?;
        let lines = file.keep(input);
        let lines = file.distinct(lines, |input| name_key(&input.name));
        if dry_run {
            return Ok(file.report(&plan(self.db(), self.id(), lines).await?));
        }
        let tx = db::begin(self.db()).await?;
        let plan = plan(&tx, self.id(), lines).await?;
        for chunk in plan.write.chunks(CHUNK) {
            upsert(&tx, self.id(), self.now(), chunk).await?;
        }
        let details =
            json!({ "created": plan.created, "updated": plan.updated, "unchanged": plan.unchanged });
        let subject = Subject::named(AuditKind::Company, "Companies of a CSV file");
        audit::note(self, &tx, AuditAction::CompaniesImported, subject, details).await?;
        tx.commit().await?;
        Ok(file.report(&plan))
    }
}

fn input(line: &Line<'_>) -> Result<CompanyInput, UserError> {
    CompanyInput {
        name: line.text("name").unwrap_or_default(),
        domain: line.text("domain"),
        phone: line.text("phone"),
        address: line.text("address"),
        psa_ref: line.text("psa_ref"),
    }
    .checked()
}

/// Tells new, changed and equal companies apart. All names are read in one pass: that costs less than asking for many,
/// and no planner can get it wrong.
async fn plan(
    db: &impl ConnectionTrait,
    tenant: Uuid,
    lines: Vec<(String, CompanyInput)>,
) -> Result<Plan<CompanyInput>, DbErr> {
    let sql = "SELECT name, name_key, domain, phone, address, psa_ref FROM companies WHERE tenant_id = $1 AND archived_at IS NULL";
    let rows: Vec<Row> = sql::all(db, sql, vec![tenant.into()]).await?;
    let there: HashMap<String, Row> = rows.into_iter().map(|row| (row.name_key.clone(), row)).collect();
    Ok(Plan::new(lines.into_iter().map(|(key, input)| {
        let known = there.get(&key).map_or(Known::New, |row| row.compare(&input));
        (known, input)
    })))
}

impl Row {
    fn compare(&self, input: &CompanyInput) -> Known {
        let same = self.name == input.name
            && csv_files::agrees(&self.domain, &input.domain)
            && csv_files::agrees(&self.phone, &input.phone)
            && csv_files::agrees(&self.address, &input.address)
            && csv_files::agrees(&self.psa_ref, &input.psa_ref);
        if same { Known::Same } else { Known::Changed }
    }
}

async fn upsert(
    db: &impl ConnectionTrait,
    tenant: Uuid,
    now: i64,
    companies: &[CompanyInput],
) -> Result<(), DbErr> {
    let mut params = Params::default();
    let (tenant, now) = (params.push(tenant), params.push(now));
    let mut rows = Vec::with_capacity(companies.len());
    for company in companies {
        let id = params.push(new_id());
        let rest = params.list(super::columns(company));
        rows.push(format!("({id}, {tenant}, {rest}, 1, {now}, {now})"));
    }
    let sql = format!(
        "INSERT INTO companies (id, tenant_id, name, name_key, domain, phone, address, psa_ref, version, created_at, updated_at) \
         VALUES {} ON CONFLICT (tenant_id, name_key) WHERE archived_at IS NULL DO UPDATE SET name = excluded.name, \
         domain = COALESCE(excluded.domain, companies.domain), phone = COALESCE(excluded.phone, companies.phone), \
         address = COALESCE(excluded.address, companies.address), psa_ref = COALESCE(excluded.psa_ref, companies.psa_ref), \
         version = companies.version + 1, updated_at = excluded.updated_at",
        rows.join(", ")
    );
    sql::execute(db, &sql, params.0).await.map(drop)
}
