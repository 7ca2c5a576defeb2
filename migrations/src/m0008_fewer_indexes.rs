//! Indexes that a sync of 100,000 devices can do without, and one that spares it a look at every device.

const UP: &str = "
-- One for both: rows of a class are told in it without a look at the table.
DROP INDEX remote_devices_class;
DROP INDEX remote_devices_organization;
CREATE INDEX remote_devices_organization ON remote_devices (integration_id, organization_id, node_class, missing_since);
-- Few rows look like a device that was enrolled again.
CREATE INDEX remote_devices_same ON remote_devices (integration_id, remote_id) WHERE same_as IS NOT NULL;
-- Few devices were kept when their integration was deleted.
DROP INDEX devices_account;
CREATE INDEX devices_account ON devices (tenant_id, source_account, remote_id) WHERE source_account IS NOT NULL
";

const DOWN: &str = "
DROP INDEX devices_account;
CREATE INDEX devices_account ON devices (tenant_id, source_account, remote_id);
DROP INDEX remote_devices_same;
DROP INDEX remote_devices_organization;
CREATE INDEX remote_devices_organization ON remote_devices (integration_id, organization_id, missing_since);
CREATE INDEX remote_devices_class ON remote_devices (integration_id, node_class)
";

crate::dialect::migration!(UP, down: DOWN);
