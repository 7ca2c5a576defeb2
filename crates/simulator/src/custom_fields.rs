//! Custom fields of organizations, and the scoped report that prints them.
//!
//! NinjaOne: a row for each entity that has values, all of its fields in one object; dates are epoch milliseconds, secure
//! values are masked unless asked for.

use crate::json::Obj;
use crate::query::Query;
use crate::world::{Org, World};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a request for the report asks for.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    organizations: bool,
    /// Only these fields, if any are named.
    fields: Option<Vec<String>>,
}

impl Wanted {
    /// NinjaOne: without `scopes` all of them come. Devices and locations have no custom fields here.
    pub fn of(query: &Query) -> Self {
        let list =
            |key| query.get(key).filter(|text| !text.is_empty()).map(|text| text.split(',').map(str::trim));
        let scopes = list("scopes");
        let asks = |scope: &str| ["all", "ORGANIZATION"].iter().any(|s| s.eq_ignore_ascii_case(scope));
        Self {
            organizations: scopes.is_none_or(|mut scopes| scopes.any(asks)),
            fields: list("fields").map(|names| names.map(str::to_owned).collect()),
        }
    }

    /// The organizations from `id` on that have a row.
    pub fn organizations<'a>(&'a self, world: &'a World, id: i64) -> impl Iterator<Item = &'a Org> {
        let all = self.organizations.then(|| world.orgs.range(id..).map(|(_, org)| org));
        all.into_iter().flatten().filter(|org| self.fields(org).next().is_some())
    }

    fn fields<'a>(&'a self, org: &'a Org) -> impl Iterator<Item = (&'a String, &'a Value)> {
        let asked = |name: &String| self.fields.as_ref().is_none_or(|names| names.contains(name));
        org.fields.iter().filter(move |(name, _)| asked(name))
    }

    /// Writes the row of an organization.
    pub fn write(&self, out: &mut String, org: &Org) {
        let mut obj = Obj::new(out);
        obj.text("scope", "ORGANIZATION").int("entityId", org.id);
        self.write_fields(obj.key("fields"), org);
        obj.end();
    }

    /// Writes the fields alone, as `/v2/organization/{id}/custom-fields` answers them.
    pub fn write_fields(&self, out: &mut String, org: &Org) {
        let mut obj = Obj::new(out);
        for (name, value) in self.fields(org) {
            obj.raw(name, &value.to_string());
        }
        obj.end();
    }
}

/// What every third organization has.
pub(crate) fn usual(id: i64, domain: &str) -> BTreeMap<String, Value> {
    if id % 3 != 0 {
        return BTreeMap::new();
    }
    [
        ("accountManager", json!("Robin Hale")),
        ("contractEnd", json!(1_790_000_000_000_i64 + id * 86_400_000)),
        ("guestWifiPassword", json!("**********")),
        ("mainContact", json!(format!("front.desk@{domain}"))),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}
