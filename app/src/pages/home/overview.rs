//! What the home page shows, read in one go.

#[cfg(not(feature = "ssr"))]
use crate::pages::wizard::api::list_node_classes;
use crate::{
    error::AppError,
    pages::{
        companies::api::list_companies, devices::api::devices_under, integrations::api::list_integrations,
        reports::api::load_pulse,
    },
};
use domain::{
    compliance::FleetPulse,
    device::DeviceFilter,
    integration::{Integration, IntegrationCounts},
};
use futures::try_join;
use serde::{Deserialize, Serialize};

/// Figures of the portal and its integrations.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Overview {
    pub companies: i64,
    pub devices: i64,
    pub integrations: Vec<Integration>,
    /// Node classes with a device type, of the first integration.
    pub node_classes_mapped: i64,
    pub node_classes: i64,
    /// How the fleet stands.
    pub pulse: FleetPulse,
}

impl Overview {
    /// Figures of all integrations together.
    pub fn sum(&self, figure: impl Fn(&IntegrationCounts) -> i64) -> i64 {
        self.integrations.iter().map(|integration| figure(&integration.counts)).sum()
    }

    /// Whether devices have been imported once: then the set-up is behind us.
    pub fn is_set_up(&self) -> bool {
        self.devices > 0 || self.sum(|c| c.devices_imported) > 0
    }
}

/// Reads everything the home page shows.
pub async fn load() -> Result<Overview, AppError> {
    // Taken before the first wait: after it, the component that asked may be gone, and the request with it.
    #[cfg(feature = "ssr")]
    let tenant = crate::ssr::tenant::<crate::ssr::Read>(domain::permissions::Area::Mappings).await?;
    let (companies, devices, integrations, pulse) = try_join!(
        list_companies(None, Some(1), None, None, None),
        devices_under(None, Some(1), None, None, DeviceFilter::default()),
        list_integrations(),
        load_pulse(),
    )?;
    let classes = match integrations.items.first() {
        #[cfg(feature = "ssr")]
        Some(first) => tenant.node_classes(first.id).await?.items,
        #[cfg(not(feature = "ssr"))]
        Some(first) => list_node_classes(first.id).await?.items,
        None => Vec::new(),
    };
    let mapped = classes.iter().filter(|class| class.device_type.is_some() || class.ignored).count();
    Ok(Overview {
        companies: companies.total,
        devices: devices.total,
        integrations: integrations.items,
        node_classes_mapped: mapped as i64,
        node_classes: classes.len() as i64,
        pulse,
    })
}
