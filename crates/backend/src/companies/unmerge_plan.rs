//! What undoing a merge of companies gives back, and what keeps it from being undone: found by looking, so that a preview writes
//! nothing.

use super::{
    give_back::{fed_by, goes, location_taken, name_taken},
    merge_record::Undo,
};
use crate::{
    Result, Tenant,
    sql::{self, Params},
    tenant::CanManage,
};
use domain::{
    company::{Company, CompanyRef},
    company_overview::CompanyUnmerge,
    device_edit::SkippedDevice,
    error::UserError,
    number::things,
};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use uuid::Uuid;

/// Most devices, and most organizations, that an answer names.
const MOST_NAMED: usize = 20;

/// The two companies' organizations and locations as they are once all went back: those of tenant `$1`, of the company that is taken
/// out `$2` and of the one that it is taken out of `$3`, by the merge `$4`. `{joined}` are the locations that became one: the one
/// that went, and the one that stayed.
const THEN: &str = "WITH joined (goes, stays) AS ({joined}),
    organizations_then AS (
        SELECT om.integration_id, om.remote_id, om.status, CASE WHEN om.company_id = $3 AND EXISTS (
                SELECT 1 FROM company_merge_rows m WHERE m.merge_id = $4 AND m.kind = 'organization'
                    AND m.integration_id = om.integration_id AND m.remote_id = om.remote_id AND m.status = om.status
                    AND m.mapped_at IS NOT DISTINCT FROM om.mapped_at)
            THEN CAST($2 AS {uuid}) ELSE om.company_id END AS company_id
        FROM organization_mappings om WHERE om.tenant_id = $1 AND om.company_id IN ($2, $3)
    ),
    locations_moved AS (
        SELECT l.id, l.name, l.name_key, l.archived_at, CASE WHEN l.company_id = $3 AND EXISTS (
                SELECT 1 FROM company_merge_rows m WHERE m.merge_id = $4 AND m.kind = 'location' AND m.row_id = l.id)
            THEN CAST($2 AS {uuid}) ELSE l.company_id END AS company_id
        FROM locations l WHERE l.tenant_id = $1 AND l.company_id IN ($2, $3)
    ),
    locations_then AS (
        SELECT l.id, l.name, l.name_key, l.company_id, CASE WHEN l.company_id = $2 AND l.id IN (SELECT j.goes FROM joined j)
            THEN NULL ELSE l.archived_at END AS archived_at
        FROM locations_moved l
    ) ";

/// Looks at what will be.
struct Plan<'a, C: ConnectionTrait> {
    db: &'a C,
    tenant: Uuid,
    undo: &'a Undo,
    /// [`THEN`], with its parameters.
    then: String,
    values: Vec<Value>,
    /// Which devices `d` go back.
    goes: String,
}

#[derive(FromQueryResult)]
struct Name {
    name: String,
}

/// A device that stays.
#[derive(FromQueryResult)]
struct Left {
    id: Uuid,
    name: String,
    company_id: Uuid,
    company: String,
    location: Option<String>,
    mapped: bool,
}

/// A location that goes back, and what would keep it.
#[derive(FromQueryResult)]
struct Used {
    name: String,
    n: i64,
}

impl<A: CanManage> Tenant<A> {
    /// What goes back, and what does not. Refuses where it cannot.
    pub(super) async fn plan_unmerge(
        &self,
        db: &impl ConnectionTrait,
        undo: &Undo,
    ) -> Result<CompanyUnmerge> {
        let plan = Plan::new(db, self.id(), undo);
        plan.refuse_taken().await?;
        plan.refuse_torn().await?;
        plan.answer().await
    }
}

impl<'a, C: ConnectionTrait> Plan<'a, C> {
    fn new(db: &'a C, tenant: Uuid, undo: &'a Undo) -> Self {
        let mut p = Params(undo.owner(tenant));
        let pairs: Vec<String> = undo
            .record
            .joined
            .iter()
            .map(|(goes, stays)| {
                let (goes, stays) = (p.push(*goes), p.push(*stays));
                format!("(CAST({goes} AS {{uuid}}), CAST({stays} AS {{uuid}}))")
            })
            .collect();
        let joined = match pairs.is_empty() {
            true => "SELECT CAST(NULL AS {uuid}), CAST(NULL AS {uuid}) WHERE FALSE".to_owned(),
            false => format!("VALUES {}", pairs.join(", ")),
        };
        let then = sql::typed(db, &THEN.replace("{joined}", &joined));
        let goes = goes(("organizations_then", "locations_then"), "SELECT j.stays FROM joined j", undo);
        Self { db, tenant, undo, then, values: p.0, goes }
    }

    async fn count(&self, select: &str) -> Result<i64> {
        Ok(sql::count(self.db, &format!("{}{select}", self.then), self.values.clone()).await?)
    }

    async fn all<T: FromQueryResult>(&self, select: &str) -> Result<Vec<T>> {
        Ok(sql::all(self.db, &format!("{}{select}", self.then), self.values.clone()).await?)
    }

    async fn used(&self, select: &str) -> Result<Option<Used>> {
        Ok(sql::one(self.db, &format!("{}{select}", self.then), self.values.clone()).await?)
    }

    /// Names are unique among what is in use.
    async fn refuse_taken(&self) -> Result<()> {
        let named = "SELECT count(*) AS n FROM companies c JOIN companies o ON o.tenant_id = c.tenant_id
            AND o.name_key = c.name_key AND o.id <> c.id AND o.archived_at IS NULL
            WHERE c.tenant_id = $1 AND c.id = $2";
        let values = vec![self.tenant.into(), self.undo.company.id.0.into()];
        if self.undo.is_used() && sql::count(self.db, named, values).await? > 0 {
            return Err(name_taken(self.undo).into());
        }
        let twice =
            "SELECT count(*) AS n FROM locations_then l WHERE l.company_id = $2 AND l.archived_at IS NULL
            GROUP BY l.name_key HAVING count(*) > 1 LIMIT 1";
        match self.count(twice).await? {
            0 => Ok(()),
            _ => Err(location_taken(self.undo).into()),
        }
    }

    /// A location cannot go back while something that stays is at it.
    async fn refuse_torn(&self) -> Result<()> {
        let (company, from) = (&self.undo.company, &self.undo.from);
        let mapped = "SELECT l.name, count(*) AS n FROM location_mappings lm
            JOIN locations_then l ON l.id = lm.location_id AND l.company_id = $2
            JOIN remote_locations rl ON rl.integration_id = lm.integration_id AND rl.remote_id = lm.remote_id
            JOIN organizations_then om ON om.integration_id = rl.integration_id AND om.remote_id = rl.organization_id
                AND om.status = 'mapped' AND om.company_id = $3
            WHERE lm.tenant_id = $1 AND lm.status = 'mapped' GROUP BY l.id, l.name ORDER BY l.name, l.id LIMIT 1";
        if let Some(Used { name, n }) = self.used(mapped).await? {
            let message = format!(
                "{} of organizations that stay at {} mapped to {name}, which goes back to {}. Map them to another location first, \
                 then undo the merge again. Nothing was changed.",
                things(n, "NinjaOne location", "NinjaOne locations"),
                stays_at(n, from),
                company.name
            );
            return Err(UserError::conflict(message).into());
        }
        let used = format!(
            "SELECT l.name, count(*) AS n FROM devices d JOIN locations_then l ON l.id = d.location_id AND l.company_id = $2
             WHERE d.tenant_id = $1 AND d.company_id = $3 AND NOT ({})
             GROUP BY l.id, l.name ORDER BY l.name, l.id LIMIT 1",
            self.goes
        );
        let Some(Used { name, n }) = self.used(&used).await? else { return Ok(()) };
        let message = format!(
            "{} at {name}, which goes back to {}, but {} at {}. Choose another location for {} first, then undo the merge again. \
             Nothing was changed.",
            if n == 1 { "1 device is".to_owned() } else { format!("{n} devices are") },
            company.name,
            if n == 1 { "stays" } else { "stay" },
            from.name,
            if n == 1 { "it" } else { "them" },
        );
        Err(UserError::conflict(message).into())
    }

    async fn answer(&self) -> Result<CompanyUnmerge> {
        let (company, from, goes) = (&self.undo.company, &self.undo.from, &self.goes);
        let devices = format!("SELECT count(*) AS n FROM devices d WHERE {goes}");
        // At a location that both had they are at the company's own then.
        let without_location = format!(
            "{devices} AND d.location_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM locations_then l WHERE l.company_id = $2
                AND l.id = COALESCE((SELECT j.goes FROM joined j WHERE j.stays = d.location_id), d.location_id))"
        );
        let locations =
            "SELECT count(*) AS n FROM locations_then WHERE company_id = $2 AND archived_at IS NULL";
        let organizations =
            "SELECT count(*) AS n FROM organizations_then WHERE company_id = $2 AND status = 'mapped'";
        let organizations_left = "SELECT COALESCE(o.name, m.remote_id) AS name FROM company_merge_rows m
            JOIN integrations i ON i.id = m.integration_id
            LEFT JOIN organizations o ON o.integration_id = m.integration_id AND o.remote_id = m.remote_id
            WHERE m.tenant_id = $1 AND m.merge_id = $4 AND m.kind = 'organization' AND m.status = 'mapped'
                AND NOT EXISTS (SELECT 1 FROM organizations_then om WHERE om.integration_id = m.integration_id
                    AND om.remote_id = m.remote_id AND om.status = 'mapped' AND om.company_id = $2)
            ORDER BY 1";
        let organizations_left: Vec<Name> = self.all(organizations_left).await?;
        let devices_left = format!("SELECT count(*) AS n {}", self.left());
        Ok(CompanyUnmerge {
            company: CompanyRef { id: company.id, name: company.name.clone() },
            from: CompanyRef { id: from.id, name: from.name.clone() },
            devices: self.count(&devices).await?,
            without_location: self.count(&without_location).await?,
            locations: self.count(locations).await?,
            organizations: self.count(organizations).await?,
            devices_left: self.count(&devices_left).await?,
            reasons: self.reasons().await?,
            organizations_left: organizations_left.into_iter().take(MOST_NAMED).map(|o| o.name).collect(),
            done: false,
        })
    }

    /// Devices `d` that the merge moved and that stay, each at the company `c`.
    fn left(&self) -> String {
        format!(
            "FROM company_merge_rows m JOIN devices d ON d.id = m.row_id JOIN companies c ON c.id = d.company_id
             LEFT JOIN locations l ON l.id = d.location_id
             WHERE m.tenant_id = $1 AND m.merge_id = $4 AND m.kind = 'device' AND d.company_id <> $2 AND NOT ({})",
            self.goes
        )
    }

    /// The first devices that stay, each with the reason.
    async fn reasons(&self) -> Result<Vec<SkippedDevice>> {
        let select = format!(
            "SELECT d.id, d.name, d.company_id, c.name AS company, l.name AS location,
                CASE WHEN {} THEN TRUE ELSE FALSE END AS mapped {} ORDER BY lower(d.name), d.id LIMIT {MOST_NAMED}",
            fed_by("d.company_id", "organizations_then"),
            self.left()
        );
        let rows: Vec<Left> = self.all(&select).await?;
        let from = &self.undo.from;
        let reason = |row: &Left| match (&row.location, row.company_id == from.id.0) {
            (_, true) if row.mapped => format!("Its organization is mapped to {} since.", from.name),
            (Some(location), true) => format!("It was put at {location} of {} since.", from.name),
            _ => format!("It belongs to {} by now.", row.company),
        };
        let view = |row: Left| {
            let reason = reason(&row);
            SkippedDevice { id: row.id.into(), name: row.name, reason }
        };
        Ok(rows.into_iter().map(view).collect())
    }
}

/// `Contoso is`, `Contoso are`: of how many.
fn stays_at(n: i64, company: &Company) -> String {
    format!("{} {}", company.name, if n == 1 { "is" } else { "are" })
}
