//! What a run needs to tell the truth: checkpoints, retries, what was held back, what could not be read, and when each
//! source was last read.

const UP: &str = "
ALTER TABLE runs ADD COLUMN moved bigint NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN returned bigint NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN retries bigint NOT NULL DEFAULT 0;
-- Rows a second, of late.
ALTER TABLE runs ADD COLUMN rate bigint;
-- JSON: how far the pull is, saved with the rows that it covers.
ALTER TABLE runs ADD COLUMN checkpoint text;
ALTER TABLE runs ADD COLUMN pause_requested boolean NOT NULL DEFAULT FALSE;
-- When the next attempt is due, and of which run this one is the next attempt.
ALTER TABLE runs ADD COLUMN retry_at bigint;
ALTER TABLE runs ADD COLUMN retry_of {uuid};
-- How many runs in a row did not complete before this one.
ALTER TABLE runs ADD COLUMN tries bigint NOT NULL DEFAULT 0;
-- Attempts since rows were last saved: a run that kills its worker is given up, one that is interrupted often is not.
ALTER TABLE runs ADD COLUMN stalled bigint NOT NULL DEFAULT 0;
CREATE INDEX runs_retry ON runs (retry_at);
ALTER TABLE integrations ADD COLUMN breaker_percent bigint NOT NULL DEFAULT 20;
ALTER TABLE integrations ADD COLUMN breaker_rows bigint NOT NULL DEFAULT 10;
-- Hash of the mappings when all devices were last put where they say; NULL since a row of staging has changed.
ALTER TABLE integrations ADD COLUMN placed_hash bigint;
ALTER TABLE organizations ADD COLUMN counted_at bigint;
-- The inventory device that a staged one looks like; NULL when it looks like none or somebody said that it is not.
ALTER TABLE remote_devices ADD COLUMN same_as {uuid};
ALTER TABLE remote_devices ADD COLUMN not_same boolean NOT NULL DEFAULT FALSE;
-- Small ones in place of large: what is not imported, or not missing, is in neither.
DROP INDEX remote_devices_device;
CREATE INDEX remote_devices_device ON remote_devices (device_id) WHERE device_id IS NOT NULL;
-- With what is asked of it, so that the rows need not be looked at.
DROP INDEX remote_devices_organization;
CREATE INDEX remote_devices_organization ON remote_devices (integration_id, organization_id, missing_since);
CREATE INDEX remote_devices_missing ON remote_devices (integration_id, remote_id) WHERE missing_since IS NOT NULL;
-- The lease moves twice a second: not in an index.
DROP INDEX runs_active;
CREATE INDEX runs_active ON runs (state);
CREATE TABLE source_states (
    tenant_id {uuid} NOT NULL, integration_id {uuid} NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    source text NOT NULL, read_at bigint, failed_at bigint, problem text,
    -- Of the ids that it named when it was last read and nothing was missed: the same again is beyond doubt.
    named_hash bigint,
    PRIMARY KEY (integration_id, source)
);
CREATE TABLE run_errors (
    run_id {uuid} NOT NULL REFERENCES runs (id) ON DELETE CASCADE, tenant_id {uuid} NOT NULL,
    entity text NOT NULL, place bigint NOT NULL, remote_id text, name text, reason text NOT NULL,
    PRIMARY KEY (run_id, entity, place)
);
-- A part of a run that the breaker stopped.
CREATE TABLE run_questions (
    id {uuid} PRIMARY KEY, tenant_id {uuid} NOT NULL,
    integration_id {uuid} NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    run_id {uuid} NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    entity text NOT NULL, change text NOT NULL, scope text NOT NULL, scope_key text, scope_name text,
    affected bigint NOT NULL, of_rows bigint NOT NULL, state text NOT NULL,
    user_id {uuid}, user_name text, decided_at bigint, applied_by {uuid}, created_at bigint NOT NULL
);
CREATE INDEX run_questions_open ON run_questions (integration_id, state);
CREATE INDEX run_questions_run ON run_questions (run_id);
-- What a run would do to rows that it has read: planned page by page, applied at the end, or held for a decision.
CREATE TABLE held_changes (
    run_id {uuid} NOT NULL REFERENCES runs (id) ON DELETE CASCADE, tenant_id {uuid} NOT NULL,
    integration_id {uuid} NOT NULL, entity text NOT NULL, remote_id text NOT NULL,
    change text NOT NULL, question_id {uuid}, name text NOT NULL,
    -- The row's hash now, and after the change: a row that somebody else has changed since is left alone.
    from_hash bigint NOT NULL, to_hash bigint NOT NULL,
    organization_id text, location_id text, node_class text, fields text NOT NULL,
    PRIMARY KEY (run_id, entity, remote_id)
) {without_rowid};
CREATE INDEX held_changes_question ON held_changes (question_id);
-- The same tables again, narrower on SQLite: each row once instead of once in the table and once in its index.
CREATE TABLE run_changes_new (
    run_id {uuid} NOT NULL REFERENCES runs (id) ON DELETE CASCADE, tenant_id {uuid} NOT NULL,
    entity text NOT NULL, remote_id text NOT NULL, name text NOT NULL, change text NOT NULL, fields text NOT NULL,
    PRIMARY KEY (run_id, entity, remote_id, change)
) {without_rowid};
INSERT INTO run_changes_new SELECT run_id, tenant_id, entity, remote_id, name, change, fields FROM run_changes;
DROP TABLE run_changes;
ALTER TABLE run_changes_new RENAME TO run_changes;
CREATE TABLE remote_device_status_new (
    integration_id {uuid} NOT NULL REFERENCES integrations (id) ON DELETE CASCADE, remote_id text NOT NULL,
    -- By it the device's heartbeat is found.
    no bigint NOT NULL DEFAULT 0, last_user text,
    -- What a sync compares with, kept together here so that it need not look at wide rows: hash of the device's row, of what
    -- the vendor printed (0: unknown), and whether the row is missing.
    content bigint NOT NULL DEFAULT 0, print bigint NOT NULL DEFAULT 0, missing boolean NOT NULL DEFAULT FALSE,
    PRIMARY KEY (integration_id, remote_id)
) {without_rowid};
-- What moves with every check-in, as narrow as can be: most rows of it are written by every sync.
CREATE TABLE remote_device_beats (no {number} PRIMARY KEY, last_contact bigint, offline boolean);
INSERT INTO remote_device_status_new
    SELECT s.integration_id, s.remote_id, row_number() OVER (ORDER BY s.integration_id, s.remote_id), s.last_user,
        d.hash, 0, d.missing_since IS NOT NULL
    FROM remote_device_status s JOIN remote_devices d ON d.integration_id = s.integration_id AND d.remote_id = s.remote_id;
INSERT INTO remote_device_beats
    SELECT n.no, s.last_contact, s.offline FROM remote_device_status_new n
    JOIN remote_device_status s ON s.integration_id = n.integration_id AND s.remote_id = n.remote_id;
{postgres}CREATE SEQUENCE remote_device_numbers;
{postgres}SELECT setval('remote_device_numbers', (SELECT count(*) + 1 FROM remote_device_beats));
DROP TABLE remote_device_status;
ALTER TABLE remote_device_status_new RENAME TO remote_device_status;
CREATE TABLE import_results_new (
    run_id {uuid} NOT NULL REFERENCES runs (id) ON DELETE CASCADE, tenant_id {uuid} NOT NULL,
    remote_id text NOT NULL, name text NOT NULL, outcome text NOT NULL, reason text, device_id {uuid},
    PRIMARY KEY (run_id, remote_id)
) {without_rowid};
INSERT INTO import_results_new SELECT run_id, tenant_id, remote_id, name, outcome, reason, device_id FROM import_results;
DROP TABLE import_results;
ALTER TABLE import_results_new RENAME TO import_results
";

const DOWN: &str = "
DROP TABLE remote_device_beats;
{postgres}DROP SEQUENCE remote_device_numbers;
DROP INDEX remote_devices_organization;
CREATE INDEX remote_devices_organization ON remote_devices (integration_id, organization_id);
DROP TABLE held_changes;
DROP TABLE run_questions;
DROP TABLE run_errors;
DROP TABLE source_states;
DROP INDEX runs_active;
CREATE INDEX runs_active ON runs (state, lease_until);
DROP INDEX remote_devices_missing;
DROP INDEX remote_devices_device;
CREATE INDEX remote_devices_device ON remote_devices (device_id);
ALTER TABLE remote_devices DROP COLUMN not_same;
ALTER TABLE remote_devices DROP COLUMN same_as;
ALTER TABLE organizations DROP COLUMN counted_at;
ALTER TABLE integrations DROP COLUMN placed_hash;
ALTER TABLE integrations DROP COLUMN breaker_rows;
ALTER TABLE integrations DROP COLUMN breaker_percent;
DROP INDEX runs_retry;
ALTER TABLE runs DROP COLUMN stalled;
ALTER TABLE runs DROP COLUMN tries;
ALTER TABLE runs DROP COLUMN retry_of;
ALTER TABLE runs DROP COLUMN retry_at;
ALTER TABLE runs DROP COLUMN pause_requested;
ALTER TABLE runs DROP COLUMN checkpoint;
ALTER TABLE runs DROP COLUMN rate;
ALTER TABLE runs DROP COLUMN retries;
ALTER TABLE runs DROP COLUMN returned;
ALTER TABLE runs DROP COLUMN moved
";

crate::dialect::migration!(UP, down: DOWN);
