//! What happened to a location.

const UP: &str = "
-- An event of the company that is about one of its locations.
ALTER TABLE company_events ADD COLUMN location_id {uuid};
CREATE INDEX company_events_location ON company_events (location_id, at)
";

const DOWN: &str = "
DROP INDEX company_events_location;
ALTER TABLE company_events DROP COLUMN location_id
";

crate::dialect::migration!(UP, down: DOWN);
