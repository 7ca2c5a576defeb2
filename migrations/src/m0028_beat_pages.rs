//! PostgreSQL keeps heartbeats many to a row: each row that an update touches costs its log a hundred bytes and more, and a sync
//! touches most of them.
//!
//! A device's number names its page (`no / 256`) and its place there (`no % 256`). A page belongs to one integration, so that two
//! syncs never wait for each other.

/// Heartbeats of a page.
pub const PAGE: i64 = 256;

const UP: [&str; 12] = [
    "CREATE TABLE remote_device_beat_pages (
        page bigint PRIMARY KEY, integration_id uuid NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
        last_contacts bigint[] NOT NULL, offlines boolean[] NOT NULL
    ) WITH (fillfactor = 60)",
    "CREATE INDEX remote_device_beat_pages_integration ON remote_device_beat_pages (integration_id)",
    // As they are, in the row: they are read a few at a time and written whole.
    "ALTER TABLE remote_device_beat_pages ALTER COLUMN last_contacts SET STORAGE PLAIN",
    "ALTER TABLE remote_device_beat_pages ALTER COLUMN offlines SET STORAGE PLAIN",
    "CREATE TEMPORARY TABLE renumbered ON COMMIT DROP AS
        WITH ranked AS (SELECT integration_id, remote_id, no AS before,
                row_number() OVER (PARTITION BY integration_id ORDER BY no, remote_id) - 1 AS place FROM remote_device_status),
            sized AS (SELECT integration_id, count(*) / 256 + 1 AS pages FROM ranked GROUP BY integration_id),
            started AS (SELECT integration_id, sum(pages) OVER (ORDER BY integration_id) - pages + 1 AS first FROM sized)
        SELECT r.integration_id, r.remote_id, r.before, CAST(s.first * 256 + r.place AS bigint) AS no
        FROM ranked r JOIN started s ON s.integration_id = r.integration_id",
    "INSERT INTO remote_device_beat_pages
        SELECT n.no / 256, n.integration_id, array_agg(b.last_contact ORDER BY n.no), array_agg(b.offline ORDER BY n.no)
        FROM renumbered n LEFT JOIN remote_device_beats b ON b.no = n.before GROUP BY n.no / 256, n.integration_id",
    // The trigger would look for each device by itself.
    "ALTER TABLE remote_device_status DISABLE TRIGGER remote_devices_used",
    "UPDATE remote_device_status s SET no = n.no FROM renumbered n
        WHERE n.integration_id = s.integration_id AND n.remote_id = s.remote_id",
    "UPDATE devices d SET beat_no = n.no FROM renumbered n
        WHERE n.integration_id = d.integration_id AND n.remote_id = d.remote_id",
    "ALTER TABLE remote_device_status ENABLE TRIGGER remote_devices_used",
    "DROP TABLE remote_device_beats; DROP SEQUENCE remote_device_numbers; CREATE SEQUENCE remote_device_beat_page_numbers;
        SELECT setval('remote_device_beat_page_numbers', COALESCE(max(page), 0) + 1) FROM remote_device_beat_pages",
    // For people and tools: a heartbeat a row.
    "CREATE VIEW remote_device_beats AS
        SELECT p.page * 256 + place - 1 AS no, p.last_contacts[place] AS last_contact, p.offlines[place] AS offline
        FROM remote_device_beat_pages p, generate_subscripts(p.last_contacts, 1) place",
];

const DOWN: [&str; 6] = [
    "CREATE TABLE beats AS SELECT no, last_contact, offline FROM remote_device_beats",
    "DROP VIEW remote_device_beats; DROP TABLE remote_device_beat_pages; DROP SEQUENCE remote_device_beat_page_numbers",
    "ALTER TABLE beats RENAME TO remote_device_beats",
    "ALTER TABLE remote_device_beats ADD PRIMARY KEY (no)",
    "CREATE SEQUENCE remote_device_numbers",
    "SELECT setval('remote_device_numbers', COALESCE(max(no), 0) + 1) FROM remote_device_beats",
];

crate::dialect::migration!(
    on: Postgres,
    each: Vec::from(UP.map(str::to_owned)),
    down: Vec::from(DOWN.map(str::to_owned))
);
