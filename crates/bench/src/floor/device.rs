//! A device as the vendor sends it, borrowed from the page where the parser can.

use serde::Deserialize;
use std::borrow::Cow;

type Text<'a> = Option<Cow<'a, str>>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Device<'a> {
    pub id: i64,
    #[serde(borrow)]
    pub uid: Text<'a>,
    #[serde(borrow)]
    pub assigned_owner_uid: Text<'a>,
    pub organization_id: Option<i64>,
    pub location_id: Option<i64>,
    #[serde(borrow)]
    pub node_class: Text<'a>,
    pub node_role_id: Option<i64>,
    pub policy_id: Option<i64>,
    #[serde(borrow)]
    pub approval_status: Text<'a>,
    #[serde(default)]
    pub offline: bool,
    #[serde(borrow)]
    pub display_name: Text<'a>,
    #[serde(borrow)]
    pub system_name: Text<'a>,
    #[serde(borrow)]
    pub dns_name: Text<'a>,
    #[serde(borrow)]
    pub netbios_name: Text<'a>,
    pub created: Option<f64>,
    pub last_contact: Option<f64>,
    pub last_update: Option<f64>,
    #[serde(borrow, rename = "publicIP")]
    pub public_ip: Text<'a>,
    #[serde(borrow, default)]
    pub ip_addresses: Vec<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub mac_addresses: Vec<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub os: Os<'a>,
    #[serde(borrow, default)]
    pub system: System<'a>,
    #[serde(borrow)]
    pub last_logged_in_user: Text<'a>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Os<'a> {
    #[serde(borrow)]
    pub name: Text<'a>,
    #[serde(borrow)]
    pub build_number: Text<'a>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct System<'a> {
    #[serde(borrow)]
    pub manufacturer: Text<'a>,
    #[serde(borrow)]
    pub model: Text<'a>,
    #[serde(borrow)]
    pub serial_number: Text<'a>,
}
