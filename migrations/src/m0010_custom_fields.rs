//! What custom fields of organizations tell about whose they are.

const UP: &str = "
-- Domains, phone numbers, addresses and references of the PSA, a line each.
ALTER TABLE organizations ADD COLUMN clues text
";

const DOWN: &str = "
ALTER TABLE organizations DROP COLUMN clues
";

crate::dialect::migration!(UP, down: DOWN);
