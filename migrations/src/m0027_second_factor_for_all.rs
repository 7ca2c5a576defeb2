//! Tenants whose users all need a second factor.

const UP: &str = "ALTER TABLE tenants ADD COLUMN second_factor_required boolean NOT NULL DEFAULT FALSE";
const DOWN: &str = "ALTER TABLE tenants DROP COLUMN second_factor_required";

crate::dialect::migration!(UP, down: DOWN);
