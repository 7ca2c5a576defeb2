//! What an import changed about the devices that it found in the inventory, as a list of fields (JSON).

const UP: &str = "ALTER TABLE import_results ADD COLUMN fields text";

const DOWN: &str = "ALTER TABLE import_results DROP COLUMN fields";

crate::dialect::migration!(UP, down: DOWN);
