//! Saving decisions about remote locations.

use crate::{Result, Tenant, mappings::side::Locations, tenant::CanManage};
use domain::{
    decision::{Decided, MappingSelection},
    ids::IntegrationId,
    mapping::{LocationChoice, RemoteLocationRow},
};

impl<A: CanManage> Tenant<A> {
    /// Saves one decision and answers the row as it is now, with how to take it back. Only locations of the mapped
    /// company can be linked, so no device moves to another company and there is nothing to confirm.
    pub async fn save_location(
        &self,
        integration: IntegrationId,
        remote_id: &str,
        choice: LocationChoice,
        version: Option<i64>,
    ) -> Result<RemoteLocationRow> {
        self.save_one::<Locations>(integration, remote_id, &choice, version, true).await
    }

    /// Saves one decision about several remote locations, such as all of an organization to one location. Rows that it
    /// cannot be about are left as they are and are named.
    pub async fn decide_locations(
        &self,
        integration: IntegrationId,
        select: MappingSelection,
        choice: LocationChoice,
    ) -> Result<Decided> {
        self.save_many::<Locations>(integration, &select, &choice, true).await
    }
}
