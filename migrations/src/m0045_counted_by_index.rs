//! SQLite counts the devices of a company, a location or a type in an index: looking at each row took a tenth of a second for
//! 100,000, and lists of devices show the types to choose from.

const UP: [&str; 6] = [
    "DROP INDEX devices_type",
    "DROP INDEX devices_company",
    "DROP INDEX devices_location",
    "CREATE INDEX devices_company ON devices (company_id, archived_at, merged_into)",
    "CREATE INDEX devices_location ON devices (location_id, archived_at, merged_into)",
    "CREATE INDEX devices_type ON devices (device_type_id, archived_at, merged_into)",
];

const DOWN: [&str; 6] = [
    "DROP INDEX devices_type",
    "DROP INDEX devices_location",
    "DROP INDEX devices_company",
    "CREATE INDEX devices_company ON devices (company_id)",
    "CREATE INDEX devices_location ON devices (location_id)",
    "CREATE INDEX devices_type ON devices (device_type_id)",
];

crate::dialect::migration!(on: Sqlite, each: UP.map(str::to_owned).to_vec(), down: DOWN.map(str::to_owned).to_vec());
