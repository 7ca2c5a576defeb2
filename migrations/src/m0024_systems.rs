//! Which devices have an operating system, without a look at the rest of what the checks found.

crate::dialect::migration!(
    "CREATE INDEX device_facts_os ON device_facts (tenant_id, os, device_id)",
    down: "DROP INDEX device_facts_os"
);
