//! Integrations, their runs and what the runs changed.

const UP: &str = "
CREATE TABLE integrations (
    id {uuid} PRIMARY KEY, tenant_id {uuid} NOT NULL REFERENCES tenants (id),
    vendor text NOT NULL, name text NOT NULL, region text NOT NULL, base_url text NOT NULL,
    client_id_hint text NOT NULL,
    -- Sealed by the vault; never in the clear.
    key_id text NOT NULL, data_key {bytes} NOT NULL, client_id {bytes} NOT NULL, client_secret {bytes} NOT NULL,
    account_hash {bytes} NOT NULL,
    refused boolean NOT NULL, problem text,
    connected_at bigint NOT NULL, created_at bigint NOT NULL, updated_at bigint NOT NULL
);
CREATE UNIQUE INDEX integrations_account ON integrations (tenant_id, account_hash);
CREATE TABLE runs (
    id {uuid} PRIMARY KEY, tenant_id {uuid} NOT NULL REFERENCES tenants (id),
    integration_id {uuid} NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    kind text NOT NULL, state text NOT NULL, phase text NOT NULL,
    done bigint NOT NULL, total bigint,
    added bigint NOT NULL, changed bigint NOT NULL, unchanged bigint NOT NULL, missing bigint NOT NULL, failed bigint NOT NULL,
    requests bigint NOT NULL,
    started_by text NOT NULL, user_id {uuid}, user_name text,
    created_at bigint NOT NULL, started_at bigint, finished_at bigint,
    notice text, problem text, warnings text NOT NULL, evidence text NOT NULL,
    cancel_requested boolean NOT NULL, selection text,
    locks_organizations boolean NOT NULL, locks_devices boolean NOT NULL, locks_import boolean NOT NULL,
    -- Who executes it, until when nobody else may, and how often it was taken up.
    lease_owner {uuid}, lease_until bigint NOT NULL, attempt bigint NOT NULL
);
-- One active run per integration and kind; a full sync holds the place of both syncs.
CREATE UNIQUE INDEX runs_one_organizations ON runs (integration_id)
    WHERE locks_organizations AND state IN ('queued', 'running', 'paused');
CREATE UNIQUE INDEX runs_one_devices ON runs (integration_id)
    WHERE locks_devices AND state IN ('queued', 'running', 'paused');
CREATE UNIQUE INDEX runs_one_import ON runs (integration_id)
    WHERE locks_import AND state IN ('queued', 'running', 'paused');
CREATE INDEX runs_history ON runs (integration_id, created_at);
CREATE INDEX runs_active ON runs (state, lease_until);
CREATE TABLE run_changes (
    run_id {uuid} NOT NULL REFERENCES runs (id) ON DELETE CASCADE, tenant_id {uuid} NOT NULL,
    entity text NOT NULL, remote_id text NOT NULL, name text NOT NULL, change text NOT NULL, fields text NOT NULL,
    PRIMARY KEY (run_id, entity, remote_id, change)
);
-- A tick of the clock is one row: of several servers, one inserts it and starts the runs.
CREATE TABLE schedule_ticks (
    schedule text NOT NULL, tick_at bigint NOT NULL, created_at bigint NOT NULL, PRIMARY KEY (schedule, tick_at)
)
";

crate::dialect::migration!(UP, drop: ["schedule_ticks", "run_changes", "runs", "integrations"]);
