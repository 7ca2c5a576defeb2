//! What a decision makes of organizations.

use crate::{
    Result,
    clock::new_id,
    companies::{created, history},
    db::Tx,
    mappings::{
        decisions::{Plan, Wanted, insert_new},
        store::Writer,
    },
    sql::{self, Params},
};
use domain::{
    company::{checked_name, name_key},
    error::UserError,
    ids::CompanyId,
    mapping::{MappingStatus, OrganizationChoice, OrganizationRow},
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Companies of one statement: six parameters each.
const CHUNK: usize = 500;

/// What `choice` asks of each row. Companies that it creates are written here.
pub(in crate::mappings) async fn plan(
    tx: &Tx,
    writer: &Writer,
    rows: &[OrganizationRow],
    choice: &OrganizationChoice,
) -> Result<Plan> {
    let ids = rows.iter().map(|r| r.remote_id.as_str());
    let all = |status, target| Plan::all(writer, ids, status, target);
    match choice {
        OrganizationChoice::Link(id) => Ok(all(MappingStatus::Mapped, Some(linked(tx, writer, *id).await?))),
        OrganizationChoice::Ignore => Ok(all(MappingStatus::Ignored, None)),
        OrganizationChoice::Unmap => Ok(all(MappingStatus::Unmapped, None)),
        OrganizationChoice::Accept => accepted(tx, writer, rows).await,
        OrganizationChoice::Create => created(tx, writer, rows).await,
    }
}

/// The company to link, which must be there and in use.
async fn linked(tx: &impl ConnectionTrait, writer: &Writer, id: CompanyId) -> Result<Uuid> {
    let found = companies(tx, writer, &[id.0]).await?;
    let archived = "This company is archived. Restore it first, or choose another one.";
    match found.get(&id.0) {
        Some(false) => Ok(id.0),
        Some(true) => Err(UserError::invalid("choice", archived).into()),
        None => Err(UserError::gone("choice", "company").into()),
    }
}

/// Which of these companies are there, and whether they are archived; they stay so until the transaction ends.
async fn companies(tx: &impl ConnectionTrait, writer: &Writer, ids: &[Uuid]) -> Result<HashMap<Uuid, bool>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        archived: bool,
    }
    let mut p = Params(vec![writer.tenant.into()]);
    let select = format!(
        "SELECT id, archived_at IS NOT NULL AS archived FROM companies WHERE tenant_id = $1 AND id IN ({}) {}",
        p.list(ids.iter().copied()),
        sql::locked(tx, "FOR SHARE")
    );
    let rows: Vec<Row> = sql::all(tx, &select, p.0).await?;
    Ok(rows.into_iter().map(|r| (r.id, r.archived)).collect())
}

/// What is proposed for each row.
async fn accepted(tx: &impl ConnectionTrait, writer: &Writer, rows: &[OrganizationRow]) -> Result<Plan> {
    let proposed: Vec<Uuid> =
        rows.iter().filter_map(|r| r.suggestion.as_ref()).map(|s| s.company.id.0).collect();
    let found = companies(tx, writer, &proposed).await?;
    let mut plan = Plan::default();
    for row in rows {
        let company = row.suggestion.as_ref().map(|s| s.company.id.0);
        match (company, company.and_then(|id| found.get(&id))) {
            (Some(id), Some(false)) => plan.wanted.push(Wanted::mapped(writer, &row.remote_id, id)),
            (Some(_), _) => {
                let why = "The proposed company is archived. Choose another one.";
                plan.skip(&row.remote_id, &row.name, UserError::invalid("choice", why));
            }
            (None, _) => {
                let why = "Nothing is proposed for it. Choose a company.";
                plan.skip(&row.remote_id, &row.name, UserError::invalid("choice", why));
            }
        }
    }
    Ok(plan)
}

/// A new company to be made of an organization.
struct New {
    id: Uuid,
    name: String,
    key: String,
    address: Option<String>,
}

/// A new company for each row, with the organization's name and the address of its first location.
async fn created(tx: &Tx, writer: &Writer, rows: &[OrganizationRow]) -> Result<Plan> {
    let mut taken = names_in_use(tx, writer).await?;
    let mut addresses = addresses(tx, writer, rows).await?;
    let (mut plan, mut news) = (Plan::default(), Vec::new());
    for row in rows {
        let Ok(name) = checked_name("choice", &row.name) else {
            let why = "This name cannot be a company's. Create the company by hand and link it.";
            plan.skip(&row.remote_id, &row.name, UserError::invalid("choice", why));
            continue;
        };
        let key = name_key(&name);
        if !taken.insert(key.clone()) {
            let why = format!("A company named \"{name}\" exists already. Link it instead.");
            let why = UserError { field: Some("choice".into()), ..UserError::conflict(why) };
            plan.skip(&row.remote_id, &row.name, why);
            continue;
        }
        let id = new_id();
        plan.wanted.push(Wanted { created: Some(id), ..Wanted::mapped(writer, &row.remote_id, id) });
        news.push(New { id, name, key, address: addresses.remove(&row.remote_id) });
    }
    for chunk in news.chunks(CHUNK) {
        insert(tx, writer, chunk).await?;
    }
    let event = |new: &New| created::company(new.id.into(), created::By::Mapping);
    let events: Vec<_> = news.iter().map(event).collect();
    history::note(tx, writer.who(), events).await?;
    Ok(plan)
}

async fn names_in_use(tx: &impl ConnectionTrait, writer: &Writer) -> Result<HashSet<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        name_key: String,
    }
    let select = "SELECT name_key FROM companies WHERE tenant_id = $1 AND archived_at IS NULL";
    let rows: Vec<Row> = sql::all(tx, select, vec![writer.tenant.into()]).await?;
    Ok(rows.into_iter().map(|r| r.name_key).collect())
}

async fn addresses(
    tx: &impl ConnectionTrait,
    writer: &Writer,
    rows: &[OrganizationRow],
) -> Result<HashMap<String, String>> {
    #[derive(FromQueryResult)]
    struct Row {
        organization_id: String,
        address: String,
    }
    let mut p = writer.owner();
    let select = format!(
        "SELECT organization_id, address FROM remote_locations
         WHERE tenant_id = $1 AND integration_id = $2 AND missing_since IS NULL AND address IS NOT NULL
            AND organization_id {} ORDER BY remote_id DESC",
        sql::within(tx, &mut p, rows.iter().map(|r| r.remote_id.as_str()))
    );
    let found: Vec<Row> = sql::all(tx, &select, p.0).await?;
    Ok(found.into_iter().map(|r| (r.organization_id, r.address)).collect())
}

async fn insert(tx: &impl ConnectionTrait, writer: &Writer, news: &[New]) -> Result<()> {
    let mut p = Params(vec![writer.tenant.into(), writer.now.into()]);
    let rows: Vec<String> = news
        .iter()
        .map(|new| {
            format!(
                "({}, $1, {}, {}, {}, 1, $2, $2)",
                p.push(new.id),
                p.push(new.name.as_str()),
                p.push(new.key.as_str()),
                p.push(new.address.clone())
            )
        })
        .collect();
    let insert = format!(
        "INSERT INTO companies (id, tenant_id, name, name_key, address, version, created_at, updated_at) VALUES {}",
        rows.join(", ")
    );
    insert_new(tx, &insert, p).await
}
