//! What fed a device before.

const UP: &str = "
-- A row of staging that fed the device until then, or that none did: from when the one before it ended, or from the beginning.
-- What runs did with it meanwhile is the device's history. What feeds it now is in the device itself.
CREATE TABLE device_past_feeds (
    device_id {uuid} NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    tenant_id {uuid} NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    integration_id {uuid} REFERENCES integrations (id) ON DELETE SET NULL,
    remote_id text, until_at bigint NOT NULL,
    PRIMARY KEY (device_id, until_at)
);
CREATE INDEX device_past_feeds_row ON device_past_feeds (integration_id, remote_id);
CREATE INDEX device_past_feeds_tenant ON device_past_feeds (tenant_id)
";

const DOWN: &str = "
DROP TABLE device_past_feeds
";

crate::dialect::migration!(UP, down: DOWN);
