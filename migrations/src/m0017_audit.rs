//! The audit log: per tenant a chain of events that only grows.
//!
//! Triggers refuse to change an event and to delete one, except those up to `pruned_seq` of the tenant's head: retention moves
//! that number, with the hash of the event there, in the transaction that deletes.

use sea_orm_migration::sea_orm::DbBackend;

/// `{uuid}` and `{bytes}` are the engine's types.
const TABLES: [&str; 4] = [
    // Where the chain of a tenant ends, and where it begins since the last pruning.
    "CREATE TABLE audit_heads (
        tenant_id {uuid} PRIMARY KEY REFERENCES tenants (id), seq bigint NOT NULL, hash {bytes} NOT NULL,
        pruned_seq bigint NOT NULL, pruned_hash {bytes} NOT NULL
    )",
    // No foreign key to users: names stay as they were. `details` is a JSON object; `hash` covers the row and the hash of the
    // event before it.
    "CREATE TABLE audit_events (
        tenant_id {uuid} NOT NULL REFERENCES tenants (id), seq bigint NOT NULL, at bigint NOT NULL,
        user_id {uuid}, actor text NOT NULL, address text, agent text,
        action text NOT NULL, kind text NOT NULL, subject_id text, subject text NOT NULL,
        details text NOT NULL, search_key text NOT NULL, hash {bytes} NOT NULL, PRIMARY KEY (tenant_id, seq)
    )",
    "CREATE INDEX audit_events_user ON audit_events (tenant_id, user_id, seq)",
    "CREATE INDEX audit_events_action ON audit_events (tenant_id, action, seq)",
];

const SQLITE: [&str; 2] = [
    "CREATE TRIGGER audit_events_kept BEFORE UPDATE ON audit_events BEGIN
        SELECT RAISE(ABORT, 'events of the audit log are never changed');
     END",
    "CREATE TRIGGER audit_events_stay BEFORE DELETE ON audit_events
        WHEN old.seq > COALESCE((SELECT pruned_seq FROM audit_heads WHERE tenant_id = old.tenant_id), 0) BEGIN
        SELECT RAISE(ABORT, 'events of the audit log are deleted by retention only');
     END",
];

const POSTGRES: [&str; 3] = [
    "CREATE FUNCTION audit_events_kept() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
        IF TG_OP = 'DELETE' THEN
            IF old.seq <= (SELECT pruned_seq FROM audit_heads WHERE tenant_id = old.tenant_id) THEN
                RETURN old;
            END IF;
        END IF;
        RAISE EXCEPTION 'events of the audit log are never changed, and deleted by retention only';
     END $$",
    "CREATE TRIGGER audit_events_kept BEFORE UPDATE OR DELETE ON audit_events
        FOR EACH ROW EXECUTE FUNCTION audit_events_kept()",
    "CREATE TRIGGER audit_events_not_truncated BEFORE TRUNCATE ON audit_events
        FOR EACH STATEMENT EXECUTE FUNCTION audit_events_kept()",
];

fn up(engine: DbBackend) -> Vec<String> {
    let (uuid, bytes, triggers) = match engine {
        DbBackend::Postgres => ("uuid", "bytea", &POSTGRES[..]),
        _ => ("blob", "blob", &SQLITE[..]),
    };
    let tables = TABLES.map(|t| t.replace("{uuid}", uuid).replace("{bytes}", bytes));
    tables.into_iter().chain(triggers.iter().map(|t| (*t).to_owned())).collect()
}

fn down(engine: DbBackend) -> Vec<String> {
    let function = (engine == DbBackend::Postgres).then_some("DROP FUNCTION audit_events_kept()");
    let tables = ["DROP TABLE audit_events", "DROP TABLE audit_heads"];
    tables.into_iter().chain(function).map(str::to_owned).collect()
}

crate::dialect::migration!(each: up, down: down);
