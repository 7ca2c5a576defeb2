//! The same tenant many times, in PostgreSQL alone.

use crate::Outcome;
use postgres::{Client, NoTls};

/// What lists read of a tenant, in the order in which the tables refer to each other, and those of their columns that are ids.
const TABLES: [(&str, &[&str]); 5] = [
    ("companies", &["id", "tenant_id"]),
    ("locations", &["id", "tenant_id", "company_id"]),
    ("device_types", &["id", "tenant_id"]),
    ("integrations", &["id", "tenant_id"]),
    ("devices", &["id", "tenant_id", "company_id", "location_id", "device_type_id", "integration_id"]),
];

/// Copies the first tenant until there are so many: each id becomes another one, by the number of the copy.
pub fn multiply(url: &str, tenants: u32) -> Outcome<()> {
    let mut db = Client::connect(url, NoTls)?;
    let beats: i64 =
        db.query_one("SELECT COALESCE(max(page) + 1, 0) * 256 FROM remote_device_beat_pages", &[])?.get(0);
    for n in 1..tenants {
        let mut tx = db.transaction()?;
        let copy = format!(
            "INSERT INTO tenants (id, name, created_at) SELECT {}, name, created_at FROM first_tenant",
            other("id", n)
        );
        if n == 1 {
            tx.batch_execute("CREATE TABLE first_tenant AS SELECT * FROM tenants")?;
        }
        tx.batch_execute(&copy)?;
        for (table, ids) in TABLES {
            let columns = columns(&mut tx, table)?;
            let selected: Vec<String> = columns
                .iter()
                .map(|column| match column.as_str() {
                    id if ids.contains(&id) => other(id, n),
                    "no" | "beat_no" => format!("{column} + {}", beats * i64::from(n)),
                    "account_hash" => format!("decode(md5(account_hash::text || '{n}'), 'hex')"),
                    other => other.to_owned(),
                })
                .collect();
            let owned = "tenant_id = (SELECT id FROM first_tenant)";
            let (names, values) = (columns.join(", "), selected.join(", "));
            tx.batch_execute(&format!(
                "INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE {owned}"
            ))?;
        }
        tx.batch_execute(&format!(
            "INSERT INTO remote_device_beat_pages SELECT page + {}, {}, last_contacts, offlines
             FROM remote_device_beat_pages WHERE page < {}",
            beats / 256 * i64::from(n),
            other("integration_id", n),
            beats / 256
        ))?;
        tx.commit()?;
    }
    Ok(db.batch_execute("VACUUM ANALYZE")?)
}

/// The id that takes the place of `column`'s in the copy of that number.
fn other(column: &str, n: u32) -> String {
    format!("CASE WHEN {column} IS NOT NULL THEN md5({column}::text || '{n}')::uuid END")
}

/// The columns of a table that can be written.
fn columns(tx: &mut postgres::Transaction<'_>, table: &str) -> Outcome<Vec<String>> {
    let select = "SELECT column_name::text FROM information_schema.columns
        WHERE table_schema = current_schema() AND table_name = $1 AND is_generated = 'NEVER' ORDER BY ordinal_position";
    Ok(tx.query(select, &[&table])?.iter().map(|row| row.get(0)).collect())
}
