//! Integrations: connected accounts of a vendor.

use crate::{
    breaker::BreakerSettings,
    ids::IntegrationId,
    run::{Question, Run, SourceState},
    vendor::Problem,
};
use chrono::{DateTime, Utc};

words! {
    /// What the card on Settings > Integrations says.
    pub enum IntegrationStatus {
        /// The last contact worked.
        Connected = "connected",
        /// A run is under way.
        Syncing = "syncing",
        /// The last run failed; the reason is shown.
        Error = "error",
        /// The credentials are refused, or none are stored.
        Disconnected = "disconnected",
    }
}

wire! {
    /// A connected account, its state and its figures; never a secret.
    pub struct Integration {
        pub id: IntegrationId,
        pub vendor: String,
        pub name: String,
        pub region: String,
        pub base_url: String,
        /// First and last characters of the client id, to tell accounts apart.
        pub client_id_hint: String,
        pub status: IntegrationStatus,
        pub problem: Option<Problem>,
        pub connected_at: DateTime<Utc>,
        /// When the credentials that are stored were saved, or last confirmed by a change of the connection; null where none are, since the key that sealed them was lost.
        pub credentials_set_at: Option<DateTime<Utc>>,
        pub active_run: Option<Run>,
        pub last_organization_sync: Option<Run>,
        pub last_device_sync: Option<Run>,
        pub last_import: Option<Run>,
        pub next_organization_sync: Option<DateTime<Utc>>,
        pub next_device_sync: Option<DateTime<Utc>>,
        pub counts: IntegrationCounts,
        pub breaker: BreakerSettings,
        /// Counts the changes of its connection and settings.
        pub version: i64,
        /// What was read when; a source that failed since is stale.
        pub sources: Vec<SourceState>,
        /// What was held back and waits for a decision.
        pub questions: Vec<Question>,
    }

    /// How much an integration holds and how far its mapping is.
    #[derive(Default, Copy)]
    pub struct IntegrationCounts {
        pub organizations: i64,
        pub organizations_mapped: i64,
        pub organizations_pending: i64,
        pub organizations_ignored: i64,
        pub locations: i64,
        pub locations_mapped: i64,
        pub locations_pending: i64,
        pub devices: i64,
        pub devices_ready: i64,
        pub devices_imported: i64,
        pub devices_blocked: i64,
        /// Blocked devices that could be imported if their class had a device type.
        pub devices_untyped: i64,
        /// Imported devices whose organization in NinjaOne is not mapped: they stay where they are.
        pub devices_waiting: i64,
        /// Staged devices that look like an inventory device enrolled again.
        pub devices_proposed: i64,
    }

    /// What deleting an integration took away or kept.
    pub struct DeletedCounts {
        pub organizations: i64,
        pub mappings: i64,
        pub devices_removed: i64,
        pub devices_kept: i64,
    }
}

wire_secret! {
    /// What the user enters to connect. `integration_id` alone tests or changes what is stored.
    #[derive(Default)]
    pub struct ConnectInput {
        pub integration_id: Option<IntegrationId>,
        pub vendor: Option<String>,
        pub region: Option<String>,
        pub base_url: Option<String>,
        pub client_id: Option<String>,
        pub client_secret: Option<String>,
        /// That of the integration as it was read: nothing is changed if somebody else changed it since.
        pub version: Option<i64>,
    }
}

words! {
    /// What happens to imported devices when their integration is deleted.
    pub enum DeviceFate {
        Keep = "keep",
        Remove = "remove",
    }
}
