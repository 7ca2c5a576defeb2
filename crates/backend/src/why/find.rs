//! Devices that fit a text, in staging and in the inventory.

use super::scan;
use crate::{
    Result, Tenant,
    sql::{self, Params},
    tenant::Access,
};
use domain::{
    serial,
    why::{WhyCandidate, notations},
};
use futures::try_join;
use sea_orm::{DbBackend, FromQueryResult};
use std::collections::HashSet;
use uuid::Uuid;

/// Most candidates of one answer.
const MOST: u32 = 20;

#[derive(FromQueryResult)]
struct Row {
    device_id: Option<Uuid>,
    integration_id: Option<Uuid>,
    remote_id: Option<String>,
    name: String,
    hostname: Option<String>,
    serial: Option<String>,
    bios_serial: Option<String>,
    asset_tag: Option<String>,
    ip_addresses: String,
    mac_addresses: String,
    place: Option<String>,
}

const STAGED: &str =
    "SELECT fed.id AS device_id, x.integration_id, x.remote_id, x.name, x.hostname, x.serial, x.bios_serial,
        NULL AS asset_tag, x.ip_addresses, x.mac_addresses, o.name AS place
    FROM remote_devices x
    LEFT JOIN devices fed ON fed.integration_id = x.integration_id AND fed.remote_id = x.remote_id
    LEFT JOIN organizations o ON o.integration_id = x.integration_id AND o.remote_id = x.organization_id";

const KEPT: &str =
    "SELECT x.id AS device_id, x.integration_id, x.remote_id, x.name, x.hostname, x.serial, x.bios_serial,
        x.asset_tag, x.ip_addresses, x.mac_addresses, c.name AS place
    FROM devices x LEFT JOIN companies c ON c.id = x.company_id";

impl<A: Access> Tenant<A> {
    /// What fits a text, whole matches first, and whether there is more.
    pub(super) async fn candidates(&self, text: &str) -> Result<(Vec<WhyCandidate>, bool)> {
        let sought = notations(text);
        let mut found = match self.db().get_database_backend() {
            DbBackend::Sqlite => self.scanned(&sought).await?,
            _ => {
                let (kept, staged) = (self.within("x.company_id"), self.why_within("x"));
                let mut found = self.fitting((KEPT, &kept), &["x.asset_tag"], &sought).await?;
                // Staging is found by its integrations.
                let from = format!(
                    "{STAGED} JOIN integrations i ON i.id = x.integration_id AND i.tenant_id = x.tenant_id"
                );
                found.extend(self.fitting((&from, &staged), &[], &sought).await?);
                found
            }
        };
        let mut seen = HashSet::new();
        found.retain(|row| match (row.device_id, row.integration_id, &row.remote_id) {
            (Some(id), _, _) => seen.insert(id.to_string()),
            (None, Some(id), Some(remote)) => seen.insert(format!("{id} {remote}")),
            _ => false,
        });
        let mut all: Vec<WhyCandidate> = found.into_iter().map(|row| row.candidate(&sought)).collect();
        all.sort_by_key(|c| (!c.exact, c.name.to_lowercase()));
        let more = all.len() > MOST as usize;
        all.truncate(MOST as usize);
        Ok((all, more))
    }

    /// SQLite: the few that fit best are read by id.
    async fn scanned(&self, sought: &[String]) -> Result<Vec<Row>> {
        let kept = match self.is_limited() {
            true => format!(
                " AND device_id IN (SELECT d.id FROM devices d WHERE TRUE{})",
                self.within("d.company_id")
            ),
            false => String::new(),
        };
        let (staged, whose) = (self.why_within("x"), (self.db(), self.id()));
        let (kept, staged) = try_join!(
            scan::kept(whose, &kept, sought, MOST + 1),
            scan::staged(whose, &staged, sought, MOST + 1)
        )?;
        let (mut p, mut q) = (Params::default(), Params::default());
        let (kept, staged) = (p.list(kept), q.list(staged));
        let mut found: Vec<Row> = sql::all(self.db(), &format!("{KEPT} WHERE x.id IN ({kept})"), p.0).await?;
        found
            .extend(sql::all::<Row>(self.db(), &format!("{STAGED} WHERE x.rowid IN ({staged})"), q.0).await?);
        Ok(found)
    }

    /// PostgreSQL: the rows of one tenant, some thousand.
    async fn fitting(
        &self,
        (select, within): (&str, &str),
        own: &[&str],
        sought: &[String],
    ) -> Result<Vec<Row>> {
        let mut p = Params(vec![self.id().into()]);
        let mut any = Vec::new();
        for text in sought {
            let like = p.push(sql::contains(text));
            any.push(format!("x.search_key LIKE {like} ESCAPE '\\'"));
        }
        let text = p.push(sought[0].as_str());
        let columns = ["x.remote_id", "x.name", "x.serial", "x.bios_serial", "x.netbios_name"];
        for column in columns.iter().chain(own) {
            any.push(format!("lower({column}) = {text}"));
        }
        // Whole matches first: what a search looks at stands in lines.
        let whole: Vec<String> =
            ["x.remote_id", "x.name", "x.serial", "x.hostname"]
                .iter()
                .map(|column| format!("lower({column}) = {text}"))
                .chain(sought.iter().map(|text| {
                    format!("'\n' || x.search_key || '\n' LIKE {} ESCAPE '\\'", p.push(line(text)))
                }))
                .collect();
        let select = format!(
            "{select} WHERE x.tenant_id = $1{within} AND ({}) ORDER BY CASE WHEN {} THEN 0 ELSE 1 END, lower(x.name) LIMIT {}",
            any.join(" OR "),
            whole.join(" OR "),
            MOST + 1
        );
        Ok(sql::all(self.db(), &select, p.0).await?)
    }
}

/// The pattern of a whole line.
fn line(text: &str) -> String {
    let inner = sql::contains(text);
    format!("%\n{}\n%", &inner[1..inner.len() - 1])
}

impl Row {
    fn candidate(self, sought: &[String]) -> WhyCandidate {
        let (matched, exact) = self.matched(sought);
        let serial = serial::best(self.serial.as_deref(), self.bios_serial.as_deref());
        let parts = [
            self.place.clone(),
            serial.map(|s| format!("serial {s}")),
            self.remote_id.as_ref().map(|id| format!("NinjaOne id {id}")),
        ];
        let detail = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
        let fed = self.integration_id.is_some();
        WhyCandidate {
            device_id: self.device_id.map(Into::into),
            integration_id: self.integration_id.map(Into::into),
            remote_id: self.remote_id.filter(|_| fed),
            name: self.name,
            detail,
            matched: matched.to_owned(),
            exact,
        }
    }

    /// What fits, and whether it fits whole.
    fn matched(&self, sought: &[String]) -> (&'static str, bool) {
        let whole = |value: Option<&str>| value.is_some_and(|v| sought.contains(&v.to_lowercase()));
        let part = |value: Option<&str>| {
            value.is_some_and(|v| sought.iter().any(|s| v.to_lowercase().contains(s.as_str())))
        };
        let of = |json: &str| serde_json::from_str::<Vec<String>>(json).unwrap_or_default();
        let (ips, macs) = (of(&self.ip_addresses), of(&self.mac_addresses));
        let one = [
            ("NinjaOne id", self.remote_id.as_deref()),
            ("Name", Some(self.name.as_str())),
            ("Hostname", self.hostname.as_deref()),
            ("Serial number", self.serial.as_deref()),
            ("BIOS serial number", self.bios_serial.as_deref()),
            ("Asset tag", self.asset_tag.as_deref()),
        ];
        let many = ips.iter().map(|ip| ("IP address", Some(ip.as_str())));
        let many = many.chain(macs.iter().map(|mac| ("MAC address", Some(mac.as_str()))));
        let all: Vec<(&'static str, Option<&str>)> = one.into_iter().chain(many).collect();
        let exact = all.iter().find(|(_, value)| whole(*value));
        let partly = || all.iter().skip(1).find(|(_, value)| part(*value));
        match (exact, partly()) {
            (Some((what, _)), _) => (what, true),
            (None, Some((what, _))) => (what, false),
            (None, None) => ("Owner or another name", false),
        }
    }
}
