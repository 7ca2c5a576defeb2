//! An event of the audit log is not replaced either: SQLite's `INSERT OR REPLACE` asks no trigger about the row that goes.
//! PostgreSQL has no such statement.

const UP: &str = "CREATE TRIGGER audit_events_not_replaced BEFORE INSERT ON audit_events
    WHEN EXISTS (SELECT 1 FROM audit_events e WHERE e.tenant_id = new.tenant_id AND e.seq = new.seq OR e.rowid = new.rowid) BEGIN
        SELECT RAISE(ABORT, 'events of the audit log are never changed');
    END";

const DOWN: &str = "DROP TRIGGER audit_events_not_replaced";

crate::dialect::migration!(on: Sqlite, each: vec![UP.to_owned()], down: vec![DOWN.to_owned()]);
