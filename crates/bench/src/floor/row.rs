//! A row of the floor's table.

use super::device::Device;
use std::borrow::Cow;
use xxhash_rust::xxh3::Xxh3;

/// The columns behind `id`, in the order in which both databases bind them.
pub const NUMBERS: [&str; 5] = ["org", "loc", "role", "policy", "offline"];
pub const TIMES: [&str; 3] = ["created", "last_contact", "last_update"];
pub const TEXTS: [&str; 17] = [
    "uid",
    "owner_uid",
    "node_class",
    "approval",
    "display_name",
    "system_name",
    "dns_name",
    "netbios_name",
    "public_ip",
    "ip_addresses",
    "mac_addresses",
    "os_name",
    "os_build",
    "manufacturer",
    "model",
    "serial",
    "last_user",
];
/// The four indexed ones.
pub const INDEXED: [&str; 4] = ["org", "loc", "system_name", "serial"];

pub struct Row {
    pub id: i64,
    pub numbers: [i64; 5],
    pub times: [f64; 3],
    pub texts: [Option<String>; 17],
    pub hash: i64,
}

impl Row {
    pub fn of(d: &Device<'_>) -> Self {
        let text = |t: &Option<Cow<'_, str>>| t.as_deref().map(str::to_owned);
        let number = |n: Option<i64>| n.unwrap_or_default();
        let mut row = Self {
            id: d.id,
            numbers: [
                number(d.organization_id),
                number(d.location_id),
                number(d.node_role_id),
                number(d.policy_id),
                i64::from(d.offline),
            ],
            times: [d.created, d.last_contact, d.last_update].map(Option::unwrap_or_default),
            texts: [
                text(&d.uid),
                text(&d.assigned_owner_uid),
                text(&d.node_class),
                text(&d.approval_status),
                text(&d.display_name),
                text(&d.system_name),
                text(&d.dns_name),
                text(&d.netbios_name),
                text(&d.public_ip),
                Some(d.ip_addresses.join(",")),
                Some(d.mac_addresses.join(",")),
                text(&d.os.name),
                text(&d.os.build_number),
                text(&d.system.manufacturer),
                text(&d.system.model),
                text(&d.system.serial_number),
                text(&d.last_logged_in_user),
            ],
            hash: 0,
        };
        row.hash = row.content();
        row
    }

    /// The hash of everything but times, which move with every check-in.
    fn content(&self) -> i64 {
        let mut hash = Xxh3::new();
        self.numbers.iter().for_each(|n| hash.update(&n.to_le_bytes()));
        for text in &self.texts {
            hash.update(text.as_deref().unwrap_or_default().as_bytes());
            hash.update(&[u8::from(text.is_some())]);
        }
        hash.digest().cast_signed()
    }
}

/// All columns.
pub fn columns() -> Vec<&'static str> {
    [&["id"][..], &NUMBERS, &TIMES, &TEXTS, &["hash"]].concat()
}

/// The statement that makes the table, given the database's words for a whole number, a number and a text.
pub fn schema(number: &str, time: &str, text: &str) -> String {
    let typed =
        |names: &[&str], kind: &str| names.iter().map(|n| format!("{n} {kind}, ")).collect::<String>();
    let mut sql = format!(
        "CREATE TABLE IF NOT EXISTS device (id {number} PRIMARY KEY, {}{}{}hash {number});",
        typed(&NUMBERS, number),
        typed(&TIMES, time),
        typed(&TEXTS, text)
    );
    for column in INDEXED {
        sql += &format!("CREATE INDEX IF NOT EXISTS device_{column} ON device ({column});");
    }
    sql
}

/// `INSERT … SELECT or VALUES … ON CONFLICT`, around the source of the rows.
pub fn upsert(source: &str) -> String {
    let set: Vec<String> = columns()[1..].iter().map(|c| format!("{c} = excluded.{c}")).collect();
    format!(
        "INSERT INTO device ({}) {source} ON CONFLICT (id) DO UPDATE SET {}",
        columns().join(", "),
        set.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Outcome;

    fn hash(json: &str) -> Outcome<i64> {
        Ok(Row::of(&sonic_rs::from_str::<Device<'_>>(json)?).hash)
    }

    #[test]
    fn a_check_in_does_not_change_the_hash_and_a_name_does() -> Outcome<()> {
        let row = hash(r#"{"id":1,"systemName":"PC-1","lastContact":1.5}"#)?;
        assert_eq!(row, hash(r#"{"id":1,"systemName":"PC-1","lastContact":9.5,"unknown":[{}]}"#)?);
        assert_ne!(row, hash(r#"{"id":1,"systemName":"PC-2","lastContact":1.5}"#)?);
        Ok(())
    }
}
