//! Many rows of a run in one: a first sync and an import of 100,000 devices wrote as many rows that said no more than a name.

const UP: &str = "
CREATE TABLE run_packs (
    run_id {uuid} NOT NULL REFERENCES runs (id) ON DELETE CASCADE, tenant_id {uuid} NOT NULL,
    -- What became of these devices: 'added' by a sync, or 'created' by an import.
    change text NOT NULL,
    -- The least and the greatest remote id of the pack, by their bytes, and how many it holds.
    first_id text{bytewise} NOT NULL, last_id text{bytewise} NOT NULL, held bigint NOT NULL,
    -- By remote id, as JSON: the name, behind the 32 digits of the inventory device's id where an import created it.
    names text NOT NULL,
    PRIMARY KEY (run_id, change, first_id)
);
-- Every change of a run and every result of an import, packed or not.
CREATE VIEW run_changes_told AS
    SELECT run_id, tenant_id, entity, remote_id, name, change, fields FROM run_changes
    UNION ALL
    SELECT k.run_id, k.tenant_id, 'device', v.key, v.value, 'added', '[]' FROM run_packs k, {each_of}(k.names{json}) v
    WHERE k.change = 'added';
CREATE VIEW import_results_told AS
    SELECT run_id, tenant_id, remote_id, name, outcome, reason, device_id, fields FROM import_results
    UNION ALL
    SELECT k.run_id, k.tenant_id, v.key, substr(v.value, 33), 'created', NULL, {id_of}, NULL
    FROM run_packs k, {each_of}(k.names{json}) v WHERE k.change = 'created'
";

const DOWN: &str = "
INSERT INTO run_changes (run_id, tenant_id, entity, remote_id, name, change, fields)
    SELECT run_id, tenant_id, entity, remote_id, name, change, fields FROM run_changes_told WHERE change = 'added'
    ON CONFLICT DO NOTHING;
INSERT INTO import_results (run_id, tenant_id, remote_id, name, outcome, device_id)
    SELECT run_id, tenant_id, remote_id, name, outcome, device_id FROM import_results_told WHERE outcome = 'created'
    ON CONFLICT DO NOTHING;
DROP VIEW import_results_told;
DROP VIEW run_changes_told;
DROP TABLE run_packs
";

crate::dialect::migration!(UP, down: DOWN);
