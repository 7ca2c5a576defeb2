//! The past of a device names where it was: companies and locations that a limited reader may not know. The vendor's own ids are
//! named, or hidden, where it is known whose they are ([`crate::runs::name_places_for`]): two accounts may have the same ones.

use crate::{Result, Tenant, sql, tenant::Access};
use domain::run::FieldChange;
use sea_orm::FromQueryResult;
use std::collections::HashSet;

/// What stands in place of a name.
pub(crate) const ELSEWHERE: &str = "outside your companies";
/// Fields of a history that name a place, and those that name another device.
const PLACES: [&str; 4] = ["company", "location", "organization", "psa_location"];
const DEVICES: [&str; 2] = ["merged_device", "merged_into"];
/// Fields that hold ids of the vendor where a run tells them.
const REMOTE: [&str; 2] = ["organization", "location"];

/// Names that a reader may see; `None` for all.
pub(crate) struct Names(Option<Known>);

struct Known {
    places: HashSet<String>,
    devices: HashSet<String>,
}

impl Names {
    /// Those of the companies that a tenant is limited to, and of their locations. `told` are the changes that name devices.
    pub async fn of<'a, A: Access>(
        tenant: &Tenant<A>,
        told: impl Iterator<Item = &'a FieldChange>,
    ) -> Result<Self> {
        if !tenant.is_limited() {
            return Ok(Self(None));
        }
        let places = format!(
            "SELECT c.name FROM companies c WHERE c.tenant_id = $1{}
             UNION SELECT l.name FROM locations l WHERE l.tenant_id = $1{}",
            tenant.within("c.id"),
            tenant.within("l.company_id"),
        );
        let mut p = sql::Params(vec![tenant.id().into()]);
        let told = told.filter(|change| DEVICES.contains(&change.field.as_str()));
        let named: Vec<String> = told.flat_map(|c| [c.before.clone(), c.after.clone()]).flatten().collect();
        let devices = format!(
            "SELECT d.name FROM devices d WHERE d.tenant_id = $1 AND d.name IN ({}){}",
            p.list(named),
            tenant.within("d.company_id")
        );
        Ok(Self(Some(Known {
            places: names(tenant, &places, vec![tenant.id().into()]).await?,
            devices: names(tenant, &devices, p.0).await?,
        })))
    }

    /// The change without names beyond. What a run tells of the vendor's places was named, or hidden, before.
    pub fn mask(&self, mut change: FieldChange, by_run: bool) -> FieldChange {
        let Some(known) = &self.0 else { return change };
        let seen = match change.field.as_str() {
            field if by_run && REMOTE.contains(&field) => return change,
            field if PLACES.contains(&field) => &known.places,
            field if DEVICES.contains(&field) => &known.devices,
            _ => return change,
        };
        let mask = |name: String| if seen.contains(&name) { name } else { ELSEWHERE.to_owned() };
        (change.before, change.after) = (change.before.map(mask), change.after.map(mask));
        change
    }

    /// The name of a place, if the reader may know it.
    pub fn place(&self, name: Option<String>) -> Option<String> {
        name.filter(|name| self.0.as_ref().is_none_or(|known| known.places.contains(name)))
    }
}

async fn names<A: Access>(
    tenant: &Tenant<A>,
    select: &str,
    values: Vec<sea_orm::Value>,
) -> Result<HashSet<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        name: String,
    }
    let rows: Vec<Row> = sql::all(tenant.db(), select, values).await?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}
