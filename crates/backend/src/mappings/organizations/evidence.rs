//! What is known of organizations and companies besides their names.

use crate::{Result, mappings::store::Writer, sql};
use domain::{clues::Clues, matching::Subject};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Most network domains of an organization that count: beyond that they say little.
const DOMAINS: usize = 3;

/// What the rows of an organization say about it.
#[derive(Default)]
pub(super) struct Evidence {
    domains: HashMap<String, Vec<String>>,
    addresses: HashMap<String, Vec<String>>,
    /// Companies that know a share of its devices by their serial numbers.
    pub known: HashMap<String, Vec<(Uuid, f64)>>,
}

impl Evidence {
    pub async fn read(tx: &impl ConnectionTrait, writer: &Writer) -> Result<Self> {
        Ok(Self {
            domains: domains(tx, writer).await?,
            addresses: addresses(tx, writer).await?,
            known: known(tx, writer).await?,
        })
    }

    /// All that is known of an organization besides who knows its devices. `clues` are those of its custom fields.
    pub fn subject(
        &mut self,
        remote_id: &str,
        name: String,
        description: Option<String>,
        clues: Option<&str>,
    ) -> Subject {
        let of = |text: Option<&str>| text.map(Clues::of).unwrap_or_default();
        let (fields, described) = (of(clues), of(description.as_deref()));
        let sites = self.addresses.remove(remote_id).unwrap_or_default();
        Subject {
            name,
            domains: [self.domains.remove(remote_id).unwrap_or_default(), fields.domains].concat(),
            phones: [fields.phones, described.phones].concat(),
            addresses: [sites, fields.addresses, described.addresses].concat(),
            references: fields.references,
            notes: description.into_iter().collect(),
        }
    }
}

/// The network domains that most devices of each organization are in.
async fn domains(tx: &impl ConnectionTrait, writer: &Writer) -> Result<HashMap<String, Vec<String>>> {
    #[derive(FromQueryResult)]
    struct Row {
        organization_id: String,
        domain: String,
    }
    let select = "SELECT organization_id, lower(domain) AS domain FROM remote_devices
        WHERE tenant_id = $1 AND integration_id = $2 AND missing_since IS NULL AND domain LIKE '%.%'
        GROUP BY organization_id, lower(domain) ORDER BY organization_id, count(*) DESC, lower(domain)";
    let mut out: HashMap<String, Vec<String>> = HashMap::new();
    for row in sql::all::<Row>(tx, select, writer.owner().0).await? {
        let domains = out.entry(row.organization_id).or_default();
        if domains.len() < DOMAINS {
            domains.push(row.domain);
        }
    }
    Ok(out)
}

async fn addresses(tx: &impl ConnectionTrait, writer: &Writer) -> Result<HashMap<String, Vec<String>>> {
    #[derive(FromQueryResult)]
    struct Row {
        organization_id: String,
        address: String,
    }
    let select = "SELECT organization_id, address FROM remote_locations
        WHERE tenant_id = $1 AND integration_id = $2 AND missing_since IS NULL AND address IS NOT NULL
        ORDER BY organization_id, remote_id";
    let mut out: HashMap<String, Vec<String>> = HashMap::new();
    for row in sql::all::<Row>(tx, select, writer.owner().0).await? {
        out.entry(row.organization_id).or_default().push(row.address);
    }
    Ok(out)
}

/// How many of each organization's serial numbers devices of a company have that this integration did not bring. A serial
/// number that several devices share, here or there, says nothing; staging keeps good ones only.
async fn known(tx: &impl ConnectionTrait, writer: &Writer) -> Result<HashMap<String, Vec<(Uuid, f64)>>> {
    #[derive(FromQueryResult)]
    struct Row {
        organization_id: String,
        company_id: Uuid,
        serial: String,
    }
    let select = "SELECT r.organization_id, d.company_id, r.serial FROM devices d
        JOIN remote_devices r ON r.tenant_id = d.tenant_id AND r.serial = d.serial
        WHERE d.tenant_id = $1 AND r.integration_id = $2 AND r.missing_since IS NULL AND d.serial IS NOT NULL
            AND (d.integration_id IS NULL OR d.integration_id <> r.integration_id)";
    let pairs: Vec<Row> = sql::all(tx, select, writer.owner().0).await?;
    if pairs.is_empty() {
        return Ok(HashMap::new());
    }
    let mut uses: HashMap<&str, u32> = HashMap::new();
    for pair in &pairs {
        *uses.entry(&pair.serial).or_default() += 1;
    }
    let totals = totals(tx, writer).await?;
    let mut counts: HashMap<(&str, Uuid), HashSet<&str>> = HashMap::new();
    for pair in pairs.iter().filter(|p| uses.get(p.serial.as_str()) == Some(&1)) {
        counts.entry((&pair.organization_id, pair.company_id)).or_default().insert(&pair.serial);
    }
    let mut out: HashMap<String, Vec<(Uuid, f64)>> = HashMap::new();
    for ((organization, company), serials) in counts {
        let total = totals.get(organization).copied().unwrap_or(1).max(1);
        let share = serials.len() as f64 / total as f64;
        out.entry(organization.to_owned()).or_default().push((company, share.min(1.0)));
    }
    // The same order in every run.
    out.values_mut().for_each(|of| of.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0))));
    Ok(out)
}

/// How many serial numbers each organization has.
async fn totals(tx: &impl ConnectionTrait, writer: &Writer) -> Result<HashMap<String, i64>> {
    #[derive(FromQueryResult)]
    struct Row {
        organization_id: String,
        n: i64,
    }
    let select = "SELECT organization_id, count(DISTINCT serial) AS n FROM remote_devices
        WHERE tenant_id = $1 AND integration_id = $2 AND missing_since IS NULL AND serial IS NOT NULL
        GROUP BY organization_id";
    let rows: Vec<Row> = sql::all(tx, select, writer.owner().0).await?;
    Ok(rows.into_iter().map(|r| (r.organization_id, r.n)).collect())
}
