//! What a change of mappings would do to what is there already, said before it is done.

use super::change::Change;
use crate::{
    Result,
    mappings::store::Writer,
    sql,
    staging::fragment::{FEEDS, OWNED},
};
use domain::error::UserError;
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The field of a request that says that the user has read what it does.
const CONFIRM: &str = "confirm";
/// Most names in a sentence.
const NAMED: usize = 3;

/// Imported devices of an organization in one company.
#[derive(FromQueryResult)]
struct Imported {
    organization_id: String,
    company_id: Uuid,
    company: String,
    n: i64,
}

/// What would follow from changes to organizations.
#[derive(Default)]
struct Effects {
    /// Devices that go to another company, by the companies that they leave and that they go to.
    moves: HashMap<(String, Uuid), i64>,
    /// Devices that stay in a company without following NinjaOne.
    waits: HashMap<String, i64>,
    /// Companies that would be taken twice, and by whom.
    shared: Vec<(Uuid, String)>,
}

/// Refuses changes that nobody has confirmed and that move imported devices, let them wait, or make one company of two
/// organizations; the message says which.
pub(super) async fn confirmed(
    tx: &impl ConnectionTrait,
    writer: &Writer,
    changes: &[&Change],
    confirmed: bool,
) -> Result<()> {
    let moving: Vec<&Change> = changes.iter().copied().filter(|c| c.moves()).collect();
    if confirmed || moving.is_empty() {
        return Ok(());
    }
    let mut effects = Effects::default();
    devices(tx, writer, &moving, &mut effects).await?;
    effects.shared = shared(tx, writer, changes, &moving).await?;
    let names = names(tx, writer, &effects).await?;
    let sentences = effects.sentences(&names);
    if sentences.is_empty() {
        return Ok(());
    }
    let message = format!("{} Nothing is saved yet: confirm to go on.", sentences.join(" "));
    Err(UserError { field: Some(CONFIRM.into()), ..UserError::conflict(message) }.into())
}

/// Whether imported devices of an organization are in another company than it is to be mapped to.
pub(in crate::mappings) async fn imported_elsewhere(
    tx: &impl ConnectionTrait,
    writer: &Writer,
) -> Result<HashMap<String, HashSet<Uuid>>> {
    let mut out: HashMap<String, HashSet<Uuid>> = HashMap::new();
    for row in imported(tx, writer, None).await? {
        out.entry(row.organization_id).or_default().insert(row.company_id);
    }
    Ok(out)
}

async fn imported(
    tx: &impl ConnectionTrait,
    writer: &Writer,
    organizations: Option<Vec<&str>>,
) -> Result<Vec<Imported>> {
    let mut p = writer.owner();
    let of = organizations
        .map_or(String::new(), |ids| format!("AND r.organization_id {}", sql::within(tx, &mut p, ids)));
    let select = format!(
        "SELECT r.organization_id, d.company_id, c.name AS company, count(*) AS n
         FROM remote_devices r {FEEDS} JOIN companies c ON c.id = d.company_id {OWNED} {of}
         GROUP BY r.organization_id, d.company_id, c.name"
    );
    Ok(sql::all(tx, &select, p.0).await?)
}

async fn devices(
    tx: &impl ConnectionTrait,
    writer: &Writer,
    moving: &[&Change],
    effects: &mut Effects,
) -> Result<()> {
    let after: HashMap<&str, Option<Uuid>> =
        moving.iter().map(|c| (c.remote_id.as_str(), c.after.mapped_to())).collect();
    for row in imported(tx, writer, Some(after.keys().copied().collect())).await? {
        match after.get(row.organization_id.as_str()).copied().flatten() {
            Some(company) if company == row.company_id => {}
            Some(company) => *effects.moves.entry((row.company, company)).or_default() += row.n,
            None => *effects.waits.entry(row.company).or_default() += row.n,
        }
    }
    Ok(())
}

/// Companies that would be taken twice, with another organization that is mapped to them.
async fn shared(
    tx: &impl ConnectionTrait,
    writer: &Writer,
    changes: &[&Change],
    moving: &[&Change],
) -> Result<Vec<(Uuid, String)>> {
    #[derive(FromQueryResult)]
    struct Other {
        remote_id: String,
        company_id: Uuid,
        name: String,
    }
    let wanted: HashSet<Uuid> = moving.iter().filter_map(|c| c.after.mapped_to()).collect();
    let mut out = Vec::new();
    let mut seen: HashSet<Uuid> = HashSet::new();
    for company in moving.iter().filter_map(|c| c.after.mapped_to()) {
        if !seen.insert(company) && !out.iter().any(|(id, _)| *id == company) {
            out.push((company, "would be the company of several of these organizations".to_owned()));
        }
    }
    if wanted.is_empty() {
        return Ok(out);
    }
    let changed: HashSet<&str> = changes.iter().map(|c| c.remote_id.as_str()).collect();
    let mut p = writer.owner();
    let select = format!(
        "SELECT m.remote_id, m.company_id, COALESCE(o.name, m.remote_id) AS name FROM organization_mappings m
         LEFT JOIN organizations o ON o.integration_id = m.integration_id AND o.remote_id = m.remote_id
         WHERE m.tenant_id = $1 AND m.integration_id = $2 AND m.status = 'mapped' AND m.company_id IN ({})
         ORDER BY o.name_key, m.remote_id",
        p.list(wanted)
    );
    let others: Vec<Other> = sql::all(tx, &select, p.0).await?;
    for other in others.into_iter().filter(|o| !changed.contains(o.remote_id.as_str())) {
        if !out.iter().any(|(id, _)| *id == other.company_id) {
            out.push((
                other.company_id,
                format!("is the company of the organization “{}” already", other.name),
            ));
        }
    }
    Ok(out)
}

/// Names of the companies that devices go to or that are shared.
async fn names(
    tx: &impl ConnectionTrait,
    writer: &Writer,
    effects: &Effects,
) -> Result<HashMap<Uuid, String>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        name: String,
    }
    let ids: HashSet<Uuid> =
        effects.moves.keys().map(|(_, to)| *to).chain(effects.shared.iter().map(|(id, _)| *id)).collect();
    let mut p = sql::Params(vec![writer.tenant.into()]);
    let select = format!("SELECT id, name FROM companies WHERE tenant_id = $1 AND id IN ({})", p.list(ids));
    let rows: Vec<Row> = sql::all(tx, &select, p.0).await?;
    Ok(rows.into_iter().map(|r| (r.id, r.name)).collect())
}

impl Effects {
    fn sentences(&self, names: &HashMap<Uuid, String>) -> Vec<String> {
        let name = |id: &Uuid| names.get(id).map_or("another company", String::as_str);
        let mut moves: Vec<String> = self
            .moves
            .iter()
            .map(|((from, to), n)| format!("{} from “{from}” to “{}”", devices_of(*n), name(to)))
            .collect();
        moves.sort();
        let mut waits: Vec<String> =
            self.waits.iter().map(|(company, n)| format!("{} in “{company}”", devices_of(*n))).collect();
        waits.sort();
        let shared: Vec<String> =
            self.shared.iter().map(|(id, other)| format!("“{}” {other}", name(id))).collect();
        [
            (!moves.is_empty()).then(|| format!("This moves {}.", listed(&moves))),
            (!waits.is_empty()).then(|| {
                format!(
                    "{} would stay and wait: they follow NinjaOne again once the organization is mapped.",
                    listed(&waits)
                )
            }),
            (!shared.is_empty())
                .then(|| format!("{}: NinjaOne keeps them apart, here they would be one.", listed(&shared))),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

fn devices_of(n: i64) -> String {
    if n == 1 { "1 imported device".to_owned() } else { format!("{n} imported devices") }
}

/// The first few of many, joined.
fn listed(parts: &[String]) -> String {
    let more = parts.len().saturating_sub(NAMED);
    let shown = parts[..parts.len().min(NAMED)].join("; ");
    if more == 0 { shown } else { format!("{shown}; and {more} more") }
}
