//! Companies from a CSV file.

use super::{
    created,
    history::{Field, NewEvent, by_file, changed, kept},
};
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
    company_overview::CompanyEventKind,
    csv_import::{COMPANY_COLUMNS, ImportReport},
    error::UserError,
};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A company, and the id that it gets where it is new.
type Identified = (Uuid, CompanyInput);

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
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
            return Ok(file.report(&plan(self.db(), self.id(), lines).await?.0));
        }
        let tx = db::begin(self.db()).await?;
        let (plan, mut events) = plan(&tx, self.id(), lines).await?;
        let mut written = HashSet::new();
        for chunk in plan.write.chunks(CHUNK) {
            written.extend(upsert(&tx, self.id(), self.now(), chunk).await?);
        }
        // Another file may have made one of that name a moment ago.
        events.retain(|event| event.kind != CompanyEventKind::Created || written.contains(&event.company.0));
        self.note_companies(&tx, events).await?;
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

/// Tells new, changed and equal companies apart, and what becomes of the new and the changed ones. All names are read in one pass: that costs less than asking for many,
/// and no planner can get it wrong.
async fn plan(
    db: &impl ConnectionTrait,
    tenant: Uuid,
    lines: Vec<(String, CompanyInput)>,
) -> Result<(Plan<Identified>, Vec<NewEvent>), DbErr> {
    // Held until they are written: what the history says they were before is what the file found.
    let select = format!(
        "SELECT id, name, name_key, domain, phone, address, psa_ref FROM companies
         WHERE tenant_id = $1 AND archived_at IS NULL ORDER BY id {}",
        sql::locked(db, "FOR UPDATE")
    );
    let rows: Vec<Row> = sql::all(db, &select, vec![tenant.into()]).await?;
    let there: HashMap<String, Row> = rows.into_iter().map(|row| (row.name_key.clone(), row)).collect();
    let mut events = Vec::new();
    let plan = Plan::new(lines.into_iter().map(|(key, input)| {
        let id = new_id();
        let Some(row) = there.get(&key) else {
            events.push(created::company(id.into(), created::By::File));
            return (Known::New, (id, input));
        };
        let Some(changed) = changed(&row.fields(&input)) else { return (Known::Same, (id, input)) };
        events.push(NewEvent::new(row.id.into(), CompanyEventKind::Changed, by_file(&changed)));
        (Known::Changed, (id, input))
    }));
    Ok((plan, events))
}

impl Row {
    /// What it holds, and what it will: an empty cell leaves what is there.
    fn fields<'a>(&'a self, input: &'a CompanyInput) -> [Field<'a>; 5] {
        [
            ("Name", Some(&self.name), Some(&input.name)),
            kept("Domain", &self.domain, &input.domain),
            kept("Phone", &self.phone, &input.phone),
            kept("Address", &self.address, &input.address),
            kept("PSA reference", &self.psa_ref, &input.psa_ref),
        ]
    }
}

/// Writes them, and answers the ids of their rows.
async fn upsert(
    db: &impl ConnectionTrait,
    tenant: Uuid,
    now: i64,
    companies: &[Identified],
) -> Result<Vec<Uuid>, DbErr> {
    #[derive(FromQueryResult)]
    struct Written {
        id: Uuid,
    }
    let mut params = Params::default();
    let (tenant, now) = (params.push(tenant), params.push(now));
    let mut rows = Vec::with_capacity(companies.len());
    for (id, company) in companies {
        let id = params.push(*id);
        let rest = params.list(super::columns(company));
        rows.push(format!("({id}, {tenant}, {rest}, 1, {now}, {now})"));
    }
    let sql = format!(
        "INSERT INTO companies (id, tenant_id, name, name_key, domain, phone, address, psa_ref, version, created_at, updated_at) \
         VALUES {} ON CONFLICT (tenant_id, name_key) WHERE archived_at IS NULL DO UPDATE SET name = excluded.name, \
         domain = COALESCE(excluded.domain, companies.domain), phone = COALESCE(excluded.phone, companies.phone), \
         address = COALESCE(excluded.address, companies.address), psa_ref = COALESCE(excluded.psa_ref, companies.psa_ref), \
         version = companies.version + 1, updated_at = excluded.updated_at RETURNING id",
        rows.join(", ")
    );
    let written: Vec<Written> = sql::all(db, &sql, params.0).await?;
    Ok(written.into_iter().map(|row| row.id).collect())
}
