//! Devices that look like the same machine: pairs that are proposed, decided and merged. Companies that were merged, and
//! what became of companies.

const UP: &str = "
-- Two devices of one company, the smaller id first.
CREATE TABLE duplicate_pairs (
    id {uuid} PRIMARY KEY, tenant_id {uuid} NOT NULL REFERENCES tenants (id),
    left_id {uuid} NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    right_id {uuid} NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    -- Of 1000.
    confidence bigint NOT NULL,
    -- JSON: why.
    reasons text NOT NULL,
    -- open, not_same or merged.
    state text NOT NULL, user_id {uuid}, user_name text, decided_at bigint, found_at bigint NOT NULL,
    -- Of a merge: which of the two is hidden, and JSON: what an un-merge puts back.
    hidden_id {uuid}, undo text
);
CREATE UNIQUE INDEX duplicate_pairs_devices ON duplicate_pairs (left_id, right_id);
CREATE INDEX duplicate_pairs_right ON duplicate_pairs (right_id);
CREATE INDEX duplicate_pairs_listed ON duplicate_pairs (tenant_id, state, confidence);
-- When the devices of a tenant were last compared.
CREATE TABLE duplicate_checks (
    tenant_id {uuid} PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE, checked_at bigint NOT NULL
);
-- Devices that nothing feeds, by serial number: an import looks for each of its rows whether one of them is it.
CREATE INDEX devices_unfed_serial ON devices (tenant_id, upper(trim(serial))) WHERE integration_id IS NULL;
-- The company that this one was merged into.
ALTER TABLE companies ADD COLUMN merged_into {uuid};
-- Archived, restored, merged: by whom and when. `detail` is a sentence.
CREATE TABLE company_events (
    id {uuid} PRIMARY KEY, tenant_id {uuid} NOT NULL,
    company_id {uuid} NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    kind text NOT NULL, detail text NOT NULL, other_id {uuid}, user_id {uuid}, user_name text, at bigint NOT NULL
);
CREATE INDEX company_events_company ON company_events (company_id, at);
-- Few devices are hidden behind another one.
CREATE INDEX devices_merged ON devices (merged_into) WHERE merged_into IS NOT NULL
";

const DOWN: &str = "
DROP INDEX devices_merged;
DROP TABLE company_events;
ALTER TABLE companies DROP COLUMN merged_into;
DROP INDEX devices_unfed_serial;
DROP TABLE duplicate_checks;
DROP TABLE duplicate_pairs
";

crate::dialect::migration!(UP, down: DOWN);
