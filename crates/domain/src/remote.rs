//! What a vendor sends, in the vendor-neutral form that `rmm` produces and `sync` plans with.
//!
//! Ids are the vendor's own, as text. Every field is optional where the vendor may leave it out.

use crate::{Time, device::DeviceFacts};

/// An organization of the vendor: one client of the MSP.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RemoteOrganization {
    pub remote_id: String,
    pub name: String,
    pub description: Option<String>,
    /// The clues in its custom fields, a line each; see [`crate::clues`].
    pub clues: Option<String>,
}

/// The clues in an organization's custom fields; of all else that stands there nothing is read on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemoteClues {
    pub organization_id: String,
    pub text: String,
}

/// A site of an organization.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RemoteLocation {
    pub remote_id: String,
    pub organization_id: Option<String>,
    pub name: String,
    pub address: Option<String>,
}

/// A device: `facts` are stable (hashed), the rest moves with every check-in (the heartbeat) or places the device.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RemoteDevice {
    pub remote_id: String,
    pub organization_id: Option<String>,
    pub location_id: Option<String>,
    pub role_id: Option<String>,
    pub facts: DeviceFacts,
    pub offline: Option<bool>,
    pub last_contact: Option<Time>,
    pub last_user: Option<String>,
    /// The device's page in the vendor's console.
    pub url: Option<String>,
}

/// The cheap row that only counts: which organization and location a device belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemoteDeviceRef {
    pub remote_id: String,
    pub organization_id: Option<String>,
    pub location_id: Option<String>,
}

/// Who last logged on to a device, and when.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RemoteLogon {
    pub device_id: String,
    pub user: String,
    pub at: Option<Time>,
}

/// What the vendor's backup stores of a device. Sizes are bytes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RemoteBackup {
    pub device_id: String,
    pub cloud_bytes: i64,
    pub local_bytes: i64,
    pub total_bytes: i64,
    pub last_success: Option<Time>,
    pub last_failure: Option<Time>,
}

/// A person who may own devices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemoteUser {
    pub uid: String,
    pub name: Option<String>,
    pub email: Option<String>,
}

/// The role (kind of use) that the vendor gives a device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemoteRole {
    pub remote_id: String,
    pub name: String,
    pub chassis: Option<String>,
}
