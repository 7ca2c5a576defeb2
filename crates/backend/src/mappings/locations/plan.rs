//! What a decision makes of remote locations.

use crate::{
    Result,
    clock::new_id,
    companies::{created, history},
    db::Tx,
    mappings::{
        decisions::{Plan, Wanted, insert_new},
        store::Writer,
    },
    named::{Kind, check_there},
    sql::{self, Params},
};
use domain::{
    company::{CompanyRef, LocationInput, name_key},
    error::UserError,
    ids::LocationId,
    mapping::{LocationChoice, MappingStatus, RemoteLocationRow},
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Locations of one statement: six parameters each.
const CHUNK: usize = 500;

/// What `choice` asks of each row. Locations that it creates are written here.
pub(in crate::mappings) async fn plan(
    tx: &Tx,
    writer: &Writer,
    rows: &[RemoteLocationRow],
    choice: &LocationChoice,
) -> Result<Plan> {
    let ids = rows.iter().map(|r| r.remote_id.as_str());
    let all = |status| Plan::all(writer, ids, status, None);
    match choice {
        LocationChoice::Ignore => Ok(all(MappingStatus::Ignored)),
        LocationChoice::Unmap => Ok(all(MappingStatus::Unmapped)),
        LocationChoice::Create => created(tx, writer, rows).await,
        LocationChoice::Link(id) => {
            check_there(tx, writer.tenant, "choice", (Kind::Location, id.0)).await?;
            linked(tx, writer, rows, |_| Some(*id)).await
        }
        LocationChoice::Accept => {
            linked(tx, writer, rows, |row| row.suggestion.as_ref().map(|s| s.location.id)).await
        }
    }
}

/// The company whose locations can be linked.
fn company(row: &RemoteLocationRow) -> Result<&CompanyRef, UserError> {
    row.company.as_ref().ok_or_else(|| {
        let message = format!("Map the organization \"{}\" to a company first, in step 2.", row.organization);
        UserError::invalid("choice", message)
    })
}

/// A location that may be linked.
#[derive(FromQueryResult)]
struct Found {
    id: Uuid,
    company_id: Uuid,
    archived: bool,
}

/// The location that `of` names for each row, which must be there, in use, and of the row's company.
async fn linked(
    tx: &impl ConnectionTrait,
    writer: &Writer,
    rows: &[RemoteLocationRow],
    of: impl Fn(&RemoteLocationRow) -> Option<LocationId>,
) -> Result<Plan> {
    let ids: HashSet<Uuid> = rows.iter().filter_map(&of).map(|id| id.0).collect();
    let mut p = Params(vec![writer.tenant.into()]);
    let select = format!(
        "SELECT id, company_id, archived_at IS NOT NULL AS archived FROM locations WHERE tenant_id = $1 AND id IN ({}) {}",
        p.list(ids),
        sql::locked(tx, "FOR SHARE")
    );
    let found: Vec<Found> = sql::all(tx, &select, p.0).await?;
    let found: HashMap<Uuid, Found> = found.into_iter().map(|f| (f.id, f)).collect();
    let mut plan = Plan::default();
    for row in rows {
        match usable(row, of(row), &found) {
            Ok(id) => plan.wanted.push(Wanted::mapped(writer, &row.remote_id, id)),
            Err(why) => plan.skip(&row.remote_id, &row.name, why),
        }
    }
    Ok(plan)
}

fn usable(
    row: &RemoteLocationRow,
    id: Option<LocationId>,
    found: &HashMap<Uuid, Found>,
) -> Result<Uuid, UserError> {
    let company = company(row)?;
    let Some(id) = id else {
        return Err(UserError::invalid("choice", "Nothing is proposed for it. Choose a location."));
    };
    let problem = match found.get(&id.0) {
        None => return Err(UserError::gone("choice", "location")),
        Some(found) if found.company_id != company.id.0 => {
            format!("This location belongs to another company. Choose one of \"{}\".", company.name)
        }
        Some(found) if found.archived => {
            "This location is archived. Restore it first, or choose another one.".to_owned()
        }
        Some(_) => return Ok(id.0),
    };
    Err(UserError::invalid("choice", problem))
}

/// A new location to be made of a remote one.
struct New {
    id: Uuid,
    company: Uuid,
    name: String,
    key: String,
    address: Option<String>,
}

/// A new location of the company for each row, with the remote location's name and address.
async fn created(tx: &Tx, writer: &Writer, rows: &[RemoteLocationRow]) -> Result<Plan> {
    let mut taken = names_in_use(tx, writer, rows).await?;
    let (mut plan, mut news) = (Plan::default(), Vec::new());
    for row in rows {
        match new(row, &mut taken) {
            Ok(new) => {
                plan.wanted
                    .push(Wanted { created: Some(new.id), ..Wanted::mapped(writer, &row.remote_id, new.id) });
                news.push(new);
            }
            Err(why) => plan.skip(&row.remote_id, &row.name, why),
        }
    }
    for chunk in news.chunks(CHUNK) {
        insert(tx, writer, chunk).await?;
    }
    let event =
        |new: &New| created::location(new.company.into(), (new.id.into(), &new.name), created::By::Mapping);
    let events: Vec<_> = news.iter().map(event).collect();
    history::note(tx, writer.who(), events).await?;
    Ok(plan)
}

fn new(row: &RemoteLocationRow, taken: &mut HashSet<(Uuid, String)>) -> Result<New, UserError> {
    let company = company(row)?;
    let input = LocationInput { name: row.name.clone(), address: row.address.clone(), psa_ref: None };
    let LocationInput { name, address, .. } = input.checked().map_err(|_| {
        let message = "This name or address cannot be a location's. Create the location by hand and link it.";
        UserError::invalid("choice", message)
    })?;
    let key = name_key(&name);
    if !taken.insert((company.id.0, key.clone())) {
        let message =
            format!("\"{}\" has a location named \"{name}\" already. Link it instead.", company.name);
        return Err(UserError { field: Some("choice".into()), ..UserError::conflict(message) });
    }
    Ok(New { id: new_id(), company: company.id.0, name, key, address })
}

/// Names of locations in use, by company.
async fn names_in_use(
    tx: &impl ConnectionTrait,
    writer: &Writer,
    rows: &[RemoteLocationRow],
) -> Result<HashSet<(Uuid, String)>> {
    #[derive(FromQueryResult)]
    struct Row {
        company_id: Uuid,
        name_key: String,
    }
    let companies: HashSet<Uuid> = rows.iter().filter_map(|r| r.company.as_ref()).map(|c| c.id.0).collect();
    let mut p = Params(vec![writer.tenant.into()]);
    let select = format!(
        "SELECT company_id, name_key FROM locations
         WHERE tenant_id = $1 AND archived_at IS NULL AND company_id IN ({})",
        p.list(companies)
    );
    let found: Vec<Row> = sql::all(tx, &select, p.0).await?;
    Ok(found.into_iter().map(|r| (r.company_id, r.name_key)).collect())
}

async fn insert(tx: &impl ConnectionTrait, writer: &Writer, news: &[New]) -> Result<()> {
    let mut p = Params(vec![writer.tenant.into(), writer.now.into()]);
    let rows: Vec<String> = news
        .iter()
        .map(|new| {
            let values = [
                p.push(new.id),
                p.push(new.company),
                p.push(new.name.as_str()),
                p.push(new.key.as_str()),
                p.push(new.address.clone()),
            ];
            format!("({}, $1, 1, $2, $2)", values.join(", "))
        })
        .collect();
    let insert = format!(
        "INSERT INTO locations (id, company_id, name, name_key, address, tenant_id, version, created_at, updated_at)
         VALUES {}",
        rows.join(", ")
    );
    insert_new(tx, &insert, p).await
}
