//! Decisions about mappings: what they changed, so that they can be read and taken back, and which pairs somebody said no to.

const UP: &str = "
-- The second best of a proposal.
ALTER TABLE organization_mappings ADD COLUMN runner_up {uuid};
ALTER TABLE organization_mappings ADD COLUMN runner_up_confidence double precision;
ALTER TABLE location_mappings ADD COLUMN runner_up {uuid};
ALTER TABLE location_mappings ADD COLUMN runner_up_confidence double precision;
-- One action of a user or of Quick Match, of any number of rows.
CREATE TABLE mapping_decisions (
    id {uuid} PRIMARY KEY, tenant_id {uuid} NOT NULL,
    integration_id {uuid} NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    subject text NOT NULL, kind text NOT NULL, row_count bigint NOT NULL,
    user_id {uuid}, user_name text, decided_at bigint NOT NULL,
    undone_by {uuid}, undone_by_name text, undone_at bigint
);
CREATE INDEX mapping_decisions_latest ON mapping_decisions (integration_id, subject, decided_at);
-- A mapping before and after, as JSON; `version` is the one that the decision gave it.
CREATE TABLE mapping_decision_rows (
    decision_id {uuid} NOT NULL REFERENCES mapping_decisions (id) ON DELETE CASCADE, tenant_id {uuid} NOT NULL,
    integration_id {uuid} NOT NULL, subject text NOT NULL, remote_id text NOT NULL,
    before text NOT NULL, after text NOT NULL, version bigint NOT NULL,
    -- The company or location that was made for it; the pair that it rejected, or that it took up again.
    created {uuid}, rejected {uuid}, restored {uuid}, undone boolean NOT NULL,
    PRIMARY KEY (decision_id, subject, remote_id)
) {without_rowid};
CREATE INDEX mapping_decision_rows_of ON mapping_decision_rows (integration_id, subject, remote_id);
-- Pairs that somebody said no to: never proposed again.
CREATE TABLE mapping_rejections (
    tenant_id {uuid} NOT NULL, integration_id {uuid} NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    subject text NOT NULL, remote_id text NOT NULL, target {uuid} NOT NULL, user_id {uuid}, rejected_at bigint NOT NULL,
    PRIMARY KEY (integration_id, subject, remote_id, target)
) {without_rowid};
-- Devices are put where changed mappings say by one run at a time.
ALTER TABLE runs ADD COLUMN locks_places boolean NOT NULL DEFAULT FALSE;
CREATE UNIQUE INDEX runs_one_places ON runs (integration_id)
    WHERE locks_places AND state IN ('queued', 'running', 'paused')
";

const DOWN: &str = "
DROP INDEX runs_one_places;
ALTER TABLE runs DROP COLUMN locks_places;
DROP TABLE mapping_rejections;
DROP TABLE mapping_decision_rows;
DROP TABLE mapping_decisions;
ALTER TABLE location_mappings DROP COLUMN runner_up_confidence;
ALTER TABLE location_mappings DROP COLUMN runner_up;
ALTER TABLE organization_mappings DROP COLUMN runner_up_confidence;
ALTER TABLE organization_mappings DROP COLUMN runner_up
";

crate::dialect::migration!(UP, down: DOWN);
