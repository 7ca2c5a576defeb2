//! What people do with devices: fields that they own, history, archive and merge.

const UP: &str = "
-- Fields that a person has set: a bit each, of `DeviceField`. A sync leaves them alone.
ALTER TABLE devices ADD COLUMN owned bigint NOT NULL DEFAULT 0;
ALTER TABLE devices ADD COLUMN asset_tag text;
ALTER TABLE devices ADD COLUMN notes text;
ALTER TABLE devices ADD COLUMN archived_at bigint;
-- The device that this one was found to be the same as: it is hidden, and kept for the way back.
ALTER TABLE devices ADD COLUMN merged_into {uuid};
-- What somebody did with one device or many, and can undo.
CREATE TABLE device_edits (
    id {uuid} PRIMARY KEY, tenant_id {uuid} NOT NULL REFERENCES tenants (id),
    kind text NOT NULL, fields text NOT NULL, devices bigint NOT NULL, name text NOT NULL, can_undo boolean NOT NULL,
    user_id {uuid}, user_name text, at bigint NOT NULL,
    undone_at bigint, undone_by text, undo_of {uuid}
);
CREATE INDEX device_edits_tenant ON device_edits (tenant_id, at);
-- Edits of a device; what syncs changed is in run_changes.
CREATE TABLE device_history (
    edit_id {uuid} NOT NULL REFERENCES device_edits (id) ON DELETE CASCADE,
    device_id {uuid} NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    tenant_id {uuid} NOT NULL, at bigint NOT NULL,
    -- JSON: fields before and after, in words.
    fields text NOT NULL,
    -- JSON: what an undo puts back, and what it expects to find; NULL when there is no way back.
    undo text,
    PRIMARY KEY (edit_id, device_id)
);
CREATE INDEX device_history_device ON device_history (device_id, at)
";

const DOWN: &str = "
DROP TABLE device_history;
DROP TABLE device_edits;
ALTER TABLE devices DROP COLUMN merged_into;
ALTER TABLE devices DROP COLUMN archived_at;
ALTER TABLE devices DROP COLUMN notes;
ALTER TABLE devices DROP COLUMN asset_tag;
ALTER TABLE devices DROP COLUMN owned
";

crate::dialect::migration!(UP, down: DOWN);
