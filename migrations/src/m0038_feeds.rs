//! A device names the row of staging that feeds it (`devices_source`); the row need not name the device as well: an import wrote
//! each of its wide rows once more for that.

const UP: &str = "
-- A row whose device went on with another row makes one of its own when it comes back: it needs another id for that.
UPDATE remote_devices SET id = {new_uuid} WHERE EXISTS (SELECT 1 FROM devices d WHERE d.id = remote_devices.id
    AND (d.integration_id IS NULL OR d.integration_id <> remote_devices.integration_id OR d.remote_id <> remote_devices.remote_id));
DROP INDEX remote_devices_device;
ALTER TABLE remote_devices DROP COLUMN device_id
";

const DOWN: &str = "
ALTER TABLE remote_devices ADD COLUMN device_id {uuid};
UPDATE remote_devices SET device_id = (SELECT d.id FROM devices d
    WHERE d.integration_id = remote_devices.integration_id AND d.remote_id = remote_devices.remote_id);
CREATE INDEX remote_devices_device ON remote_devices (device_id) WHERE device_id IS NOT NULL
";

crate::dialect::migration!(UP, down: DOWN);
