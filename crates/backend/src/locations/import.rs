//! PSA locations from a CSV file.

use crate::{
    Result, Tenant,
    clock::new_id,
    csv_files::{self, CHUNK, File, Known, Line, Numbered, Plan},
    db,
    sql::{self, Params},
    tenant::CanManage,
};
use domain::{
    company::{LocationInput, checked_name, name_key},
    csv_import::{ImportReport, LOCATION_COLUMNS},
    error::UserError,
};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A location and the name of its company, as the file has them.
type Named = (String, LocationInput);
/// A location and its company.
type Placed = (Uuid, LocationInput);
/// What a location is told by: its company and the key of its name.
type Key = (Uuid, String);

#[derive(FromQueryResult)]
struct Row {
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
            let plan = plan(self.db(), self.id(), &mut file, lines).await?;
            return Ok(file.report(&plan));
        }
        let tx = db::begin(self.db()).await?;
        let plan = plan(&tx, self.id(), &mut file, lines).await?;
        for chunk in plan.write.chunks(CHUNK) {
            upsert(&tx, self.id(), self.now(), chunk).await?;
        }
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

/// Finds the companies, then tells new, changed and equal locations apart.
async fn plan(
    db: &impl ConnectionTrait,
    tenant: Uuid,
    file: &mut File,
    lines: Vec<Numbered<Named>>,
) -> Result<Plan<Placed>> {
    let companies = companies(db, tenant, &lines).await?;
    let placed = file.refine(lines, |(company, input)| match companies.get(&name_key(&company)) {
        Some(id) => Ok((*id, input)),
        None => Err(unknown(&company)),
    });
    let lines = file.distinct(placed, |(company, input)| (*company, name_key(&input.name)));
    let ids: HashSet<Uuid> = lines.iter().map(|(key, _)| key.0).collect();
    let there = locations(db, tenant, ids).await?;
    Ok(Plan::new(lines.into_iter().map(|(key, placed)| {
        let known = there.get(&key).map_or(Known::New, |row| row.compare(&placed.1));
        (known, placed)
    })))
}

fn unknown(company: &str) -> UserError {
    UserError::invalid(
        "company",
        format!("There is no company named \"{company}\". Add it first, or correct the name."),
    )
}

/// The companies that the lines name, by the key of their name.
async fn companies(
    db: &impl ConnectionTrait,
    tenant: Uuid,
    lines: &[Numbered<Named>],
) -> Result<HashMap<String, Uuid>, DbErr> {
    #[derive(FromQueryResult)]
    struct Found {
        id: Uuid,
        name_key: String,
    }
    let keys: HashSet<String> = lines.iter().map(|line| name_key(&line.value.0)).collect();
    let keys: Vec<String> = keys.into_iter().collect();
    let mut there = HashMap::new();
    for chunk in keys.chunks(CHUNK) {
        let mut params = Params::default();
        let tenant = params.push(tenant);
        let asked = csv_files::asked(&mut params, chunk.iter().map(String::as_str));
        let sql = format!(
            "{asked} SELECT c.id, c.name_key FROM asked JOIN companies c ON c.name_key = asked.key \
             WHERE c.tenant_id = {tenant} AND c.archived_at IS NULL"
        );
        let found: Vec<Found> = sql::all(db, &sql, params.0).await?;
        there.extend(found.into_iter().map(|c| (c.name_key, c.id)));
    }
    Ok(there)
}

/// All locations of these companies.
async fn locations(
    db: &impl ConnectionTrait,
    tenant: Uuid,
    companies: HashSet<Uuid>,
) -> Result<HashMap<Key, Row>, DbErr> {
    let companies: Vec<Uuid> = companies.into_iter().collect();
    let mut there = HashMap::new();
    for chunk in companies.chunks(CHUNK) {
        let mut params = Params::default();
        let tenant = params.push(tenant);
        let asked = csv_files::asked(&mut params, chunk.iter().copied());
        let sql = format!(
            "{asked} SELECT l.company_id, l.name, l.name_key, l.address, l.psa_ref FROM asked \
             JOIN locations l ON l.company_id = asked.key WHERE l.tenant_id = {tenant} AND l.archived_at IS NULL"
        );
        let rows: Vec<Row> = sql::all(db, &sql, params.0).await?;
        there.extend(rows.into_iter().map(|row| ((row.company_id, row.name_key.clone()), row)));
    }
    Ok(there)
}

impl Row {
    fn compare(&self, input: &LocationInput) -> Known {
        let same = self.name == input.name
            && csv_files::agrees(&self.address, &input.address)
            && csv_files::agrees(&self.psa_ref, &input.psa_ref);
        if same { Known::Same } else { Known::Changed }
    }
}

async fn upsert(
    db: &impl ConnectionTrait,
    tenant: Uuid,
    now: i64,
    locations: &[Placed],
) -> Result<(), DbErr> {
    let mut params = Params::default();
    let (tenant, now) = (params.push(tenant), params.push(now));
    let mut rows = Vec::with_capacity(locations.len());
    for (company, location) in locations {
        let (id, company) = (params.push(new_id()), params.push(*company));
        let rest = params.list(super::columns(location));
        rows.push(format!("({id}, {tenant}, {company}, {rest}, 1, {now}, {now})"));
    }
    let sql = format!(
        "INSERT INTO locations (id, tenant_id, company_id, name, name_key, address, psa_ref, version, created_at, updated_at) \
         VALUES {} ON CONFLICT (company_id, name_key) WHERE archived_at IS NULL DO UPDATE SET name = excluded.name, \
         address = COALESCE(excluded.address, locations.address), psa_ref = COALESCE(excluded.psa_ref, locations.psa_ref), \
         version = locations.version + 1, updated_at = excluded.updated_at",
        rows.join(", ")
    );
    sql::execute(db, &sql, params.0).await.map(drop)
}
