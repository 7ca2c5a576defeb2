//! Edits of users and integrations that notice another one before them.

const UP: &str = "
ALTER TABLE users ADD COLUMN version bigint NOT NULL DEFAULT 1;
ALTER TABLE integrations ADD COLUMN version bigint NOT NULL DEFAULT 1
";

const DOWN: &str = "
ALTER TABLE users DROP COLUMN version;
ALTER TABLE integrations DROP COLUMN version
";

crate::dialect::migration!(UP, down: DOWN);
