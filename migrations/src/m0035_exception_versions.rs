//! Edits of exceptions that notice another one before them.

const UP: &str = "ALTER TABLE compliance_exceptions ADD COLUMN version bigint NOT NULL DEFAULT 1";

const DOWN: &str = "ALTER TABLE compliance_exceptions DROP COLUMN version";

crate::dialect::migration!(UP, down: DOWN);
