//! Companies from a CSV file.

use crate::{
    Result, Tenant,
    clock::new_id,
    csv_files::{self, CHUNK, Known, Line, Plan},
    db,
    sql::{self, Params},
    tenant::CanManage,
};
use domain::{
    company::{CompanyInput, name_key},
    csv_import::{COMPANY_COLUMNS, ImportReport},
    error::UserError,
};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
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

/// Tells new, changed and equal companies apart.
async fn plan(
    db: &impl ConnectionTrait,
    tenant: Uuid,
    lines: Vec<(String, CompanyInput)>,
) -> Result<Plan<CompanyInput>, DbErr> {
    let mut there = HashMap::new();
    for chunk in lines.chunks(CHUNK) {
        for row in known(db, tenant, chunk.iter().map(|(key, _)| key.as_str())).await? {
            there.insert(row.name_key.clone(), row);
        }
    }
    Ok(Plan::new(lines.into_iter().map(|(key, input)| {
        let known = there.get(&key).map_or(Known::New, |row| row.compare(&input));
        (known, input)
    })))
}

async fn known(
    db: &impl ConnectionTrait,
    tenant: Uuid,
    keys: impl Iterator<Item = &str>,
) -> Result<Vec<Row>, DbErr> {
    let mut params = Params::default();
    let tenant = params.push(tenant);
    let asked = csv_files::asked(&mut params, keys);
    let sql = format!(
        "{asked} SELECT c.name, c.name_key, c.domain, c.phone, c.address, c.psa_ref FROM asked \
         JOIN companies c ON c.name_key = asked.key WHERE c.tenant_id = {tenant} AND c.archived_at IS NULL"
    );
    sql::all(db, &sql, params.0).await
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
