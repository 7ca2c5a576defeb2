//! Devices name their organization and location: a list that lacks one of them is in doubt, also on a first sync when
//! nothing is held to compare with.

use super::{
    entity::{Entity, LOCATIONS, ORGANIZATIONS},
    proof,
};
use crate::{Result, runs::RunContext, sql};
use domain::run::Phase;
use rmm::{RmmClient, RmmError};
use sea_orm::FromQueryResult;
use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
};

/// Organizations that are asked for one by one; of more in doubt than these, the first speak for all.
const MOST_ASKED: usize = 50;

/// What devices name.
#[derive(Debug, Default)]
pub struct References {
    /// Organizations, each with its locations.
    organizations: BTreeMap<String, BTreeSet<String>>,
}

impl References {
    /// Takes up what one device names.
    pub fn add(&mut self, organization: Option<&str>, location: Option<&str>) {
        let Some(organization) = organization else { return };
        if !self.organizations.contains_key(organization) {
            self.organizations.insert(organization.to_owned(), BTreeSet::new());
        }
        if let (Some(locations), Some(location)) = (self.organizations.get_mut(organization), location)
            && !locations.contains(location)
        {
            locations.insert(location.to_owned());
        }
    }
}

#[derive(FromQueryResult)]
struct Named {
    organization_id: String,
    location_id: Option<String>,
}

/// What the staged devices name.
pub async fn of_staging(ctx: &RunContext) -> Result<References> {
    let select = "SELECT DISTINCT organization_id, location_id FROM remote_devices
        WHERE integration_id = $1 AND tenant_id = $2 AND missing_since IS NULL AND organization_id <> ''";
    let values = vec![ctx.integration_id().into(), ctx.tenant_id().into()];
    let mut references = References::default();
    for row in sql::all::<Named>(ctx.db(), select, values).await? {
        references.add(Some(&row.organization_id), row.location_id.as_deref());
    }
    Ok(references)
}

/// Fails when NinjaOne has an organization or location that its list left out.
pub async fn check(ctx: &RunContext, client: &Arc<dyn RmmClient>, named: References) -> Result<()> {
    if ctx.unreadable(ORGANIZATIONS.plural) + ctx.unreadable(LOCATIONS.plural) > 0 {
        // Rows that are there but could not be read are told one by one.
        return Ok(());
    }
    let organizations = present(ctx, ORGANIZATIONS).await?;
    // An instance that shows no locations cannot leave any out.
    let shown = ctx.is_proven(LOCATIONS.plural);
    let locations = present(ctx, LOCATIONS).await?;
    let unknown = |place: &String| shown && !locations.contains(place);
    let doubtful: Vec<(&String, &BTreeSet<String>)> = named
        .organizations
        .iter()
        .filter(|(id, places)| !organizations.contains(*id) || places.iter().any(unknown))
        .collect();
    if doubtful.is_empty() {
        return Ok(());
    }
    ctx.phase(Phase::Verifying, i64::try_from(doubtful.len()).ok());
    let (mut lost, mut lost_places, mut dangling) = (0, 0, 0);
    for (id, places) in doubtful.iter().take(MOST_ASKED) {
        ctx.advance(1);
        let known = organizations.contains(*id);
        let asked = match client.locations_of(id).await {
            Err(RmmError::Forbidden(_)) => None,
            other => other?,
        };
        match asked {
            Some(own) => {
                lost += i64::from(!known);
                let left_out = places.iter().filter(|p| unknown(p) && own.contains(p)).count();
                lost_places += i64::try_from(left_out).unwrap_or_default();
            }
            None => dangling += i64::from(!known),
        }
    }
    if lost > 0 {
        return Err(doubt(ctx, ORGANIZATIONS, lost));
    }
    if lost_places > 0 {
        return Err(doubt(ctx, LOCATIONS, lost_places));
    }
    if dangling > 0 {
        ctx.warn_once(match dangling {
            1 => "1 organization that devices name does not exist in NinjaOne.".to_owned(),
            n => format!("{n} organizations that devices name do not exist in NinjaOne."),
        });
    }
    Ok(())
}

fn doubt(ctx: &RunContext, entity: Entity, n: i64) -> crate::Error {
    let plural = entity.plural;
    ctx.disprove(plural, &format!("Devices name {n} {plural} that NinjaOne has and the list left out."));
    proof::left_out(entity, n)
}

#[derive(FromQueryResult)]
struct Id {
    remote_id: String,
}

async fn present(ctx: &RunContext, entity: Entity) -> Result<HashSet<String>> {
    let select = format!(
        "SELECT remote_id FROM {} WHERE integration_id = $1 AND tenant_id = $2 AND missing_since IS NULL",
        entity.table
    );
    let values = vec![ctx.integration_id().into(), ctx.tenant_id().into()];
    let rows: Vec<Id> = sql::all(ctx.db(), &select, values).await?;
    Ok(rows.into_iter().map(|r| r.remote_id).collect())
}
