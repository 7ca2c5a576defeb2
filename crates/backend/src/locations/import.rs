//! PSA locations from a CSV file.

use crate::{
    Result, Tenant,
    audit::{self, Subject},
    clock::new_id,
    companies::{
        created,
        history::{Field, NewEvent, by_file, changed, kept, location_changed},
    },
    csv_files::{self, CHUNK, File, Known, Line, Numbered, Plan},
    db,
    sql::{self, Params},
    tenant::CanManage,
};
use domain::{
    audit::{AuditAction, AuditKind},
    company::{LocationInput, checked_name, name_key},
    company_overview::CompanyEventKind,
    csv_import::{ImportReport, LOCATION_COLUMNS},
    error::UserError,
};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A location and the name of its company, as the file has them.
type Named = (String, LocationInput);
/// A location and its company.
type Placed = (Uuid, LocationInput);
/// The same, and the id that it gets where it is new.
type Identified = (Uuid, Placed);
/// What a location is told by: its company and the key of its name.
type Key = (Uuid, String);

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    company_id: Uuid,
    name: String,
    name_key: String,
    address: Option<String>,
    psa_ref: Option<String>,
}

impl<A: CanManage> Tenant<A> {
    /// Creates and updates locations from CSV text; an empty cell leaves what is there. `dry_run` writes nothing and
    /// reports the same.
    pub async fn import_locations(&self, csv: &str, dry_run: bool) -> Result<ImportReport> {
        let mut file = csv_files::read(csv, LOCATION_COLUMNS, 2)?;
        let lines = file.keep(input);
        if dry_run {
            let (plan, _) = plan(self.db(), self.id(), &mut file, lines).await?;
            return Ok(file.report(&plan));
        }
        let tx = db::begin(self.db()).await?;
        let (plan, mut events) = plan(&tx, self.id(), &mut file, lines).await?;
        let mut written = HashSet::new();
        for chunk in plan.write.chunks(CHUNK) {
            written.extend(upsert(&tx, self.id(), self.now(), chunk).await?);
        }
        // Another file may have made one of that name a moment ago.
        let is_there = |event: &NewEvent| event.location.is_some_and(|id| written.contains(&id.0));
        events.retain(|event| event.kind != CompanyEventKind::Created || is_there(event));
        self.note_companies(&tx, events).await?;
        let details =
            json!({ "created": plan.created, "updated": plan.updated, "unchanged": plan.unchanged });
        let subject = Subject::named(AuditKind::Location, "Locations of a CSV file");
        audit::note(self, &tx, AuditAction::LocationsImported, subject, details).await?;
        tx.commit().await?;
        Ok(file.report(&plan))
    }
}

fn input(line: &Line<'_>) -> Result<Named, UserError> {
    let company = line.text("company").unwrap_or_default();
    let location = LocationInput {
        name: line.text("name").unwrap_or_default(),
        address: line.text("address"),
        psa_ref: line.text("psa_ref"),
    };
    Ok((checked_name("company", &company)?, location.checked()?))
}

/// Finds the companies, then tells new, changed and equal locations apart, and what becomes of the new and the
/// changed ones.
async fn plan(
    db: &impl ConnectionTrait,
    tenant: Uuid,
    file: &mut File,
    lines: Vec<Numbered<Named>>,
) -> Result<(Plan<Identified>, Vec<NewEvent>)> {
    let companies = companies(db, tenant).await?;
    let placed = file.refine(lines, |(company, input)| match companies.get(&name_key(&company)) {
        Some(id) => Ok((*id, input)),
        None => Err(unknown(&company)),
    });
    let lines = file.distinct(placed, |(company, input)| (*company, name_key(&input.name)));
    let there = locations(db, tenant).await?;
    let mut events = Vec::new();
    let plan = Plan::new(lines.into_iter().map(|(key, placed)| {
        let id = new_id();
        let Some(row) = there.get(&key) else {
            let made = (id.into(), placed.1.name.as_str());
            events.push(created::location(placed.0.into(), made, created::By::File));
            return (Known::New, (id, placed));
        };
        let Some(changed) = changed(&row.fields(&placed.1)) else { return (Known::Same, (id, placed)) };
        let (company, location) = (row.company_id.into(), row.id.into());
        events.push(location_changed(company, (location, &row.name), &by_file(&changed)));
        (Known::Changed, (id, placed))
    }));
    Ok((plan, events))
}

fn unknown(company: &str) -> UserError {
    UserError::invalid(
        "company",
        format!("There is no company named \"{company}\". Add it first, or correct the name."),
    )
}

/// The companies of the tenant, by the key of their name.
async fn companies(db: &impl ConnectionTrait, tenant: Uuid) -> Result<HashMap<String, Uuid>, DbErr> {
    #[derive(FromQueryResult)]
    struct Found {
        id: Uuid,
        name_key: String,
    }
    let sql = "SELECT id, name_key FROM companies WHERE tenant_id = $1 AND archived_at IS NULL";
    let found: Vec<Found> = sql::all(db, sql, vec![tenant.into()]).await?;
    Ok(found.into_iter().map(|c| (c.name_key, c.id)).collect())
}

/// The locations of the tenant.
async fn locations(db: &impl ConnectionTrait, tenant: Uuid) -> Result<HashMap<Key, Row>, DbErr> {
    // Held until they are written: what the history says they were before is what the file found.
    let select = format!(
        "SELECT id, company_id, name, name_key, address, psa_ref FROM locations
         WHERE tenant_id = $1 AND archived_at IS NULL ORDER BY id {}",
        sql::locked(db, "FOR UPDATE")
    );
    let rows: Vec<Row> = sql::all(db, &select, vec![tenant.into()]).await?;
    Ok(rows.into_iter().map(|row| ((row.company_id, row.name_key.clone()), row)).collect())
}

impl Row {
    /// What it holds, and what it will: an empty cell leaves what is there.
    fn fields<'a>(&'a self, input: &'a LocationInput) -> [Field<'a>; 3] {
        [
            ("Name", Some(&self.name), Some(&input.name)),
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
    locations: &[Identified],
) -> Result<Vec<Uuid>, DbErr> {
    #[derive(FromQueryResult)]
    struct Written {
        id: Uuid,
    }
    let mut params = Params::default();
    let (tenant, now) = (params.push(tenant), params.push(now));
    let mut rows = Vec::with_capacity(locations.len());
    for (id, (company, location)) in locations {
        let (id, company) = (params.push(*id), params.push(*company));
        let rest = params.list(super::columns(location));
        rows.push(format!("({id}, {tenant}, {company}, {rest}, 1, {now}, {now})"));
    }
    let sql = format!(
        "INSERT INTO locations (id, tenant_id, company_id, name, name_key, address, psa_ref, version, created_at, updated_at) \
         VALUES {} ON CONFLICT (company_id, name_key) WHERE archived_at IS NULL DO UPDATE SET name = excluded.name, \
         address = COALESCE(excluded.address, locations.address), psa_ref = COALESCE(excluded.psa_ref, locations.psa_ref), \
         version = locations.version + 1, updated_at = excluded.updated_at RETURNING id",
        rows.join(", ")
    );
    let written: Vec<Written> = sql::all(db, &sql, params.0).await?;
    Ok(written.into_iter().map(|row| row.id).collect())
}
