//! The inventory, and what imports did.

const UP: &str = "
CREATE TABLE devices (
    id {uuid} PRIMARY KEY, tenant_id {uuid} NOT NULL REFERENCES tenants (id),
    company_id {uuid} NOT NULL REFERENCES companies (id), location_id {uuid} REFERENCES locations (id),
    device_type_id {uuid} NOT NULL REFERENCES device_types (id),
    -- The row of staging that feeds it; none for a detached device.
    integration_id {uuid}, remote_id text, organization_name text, location_name text,
    search_key text NOT NULL,
    name text NOT NULL, hostname text, dns_name text, netbios_name text, node_class text, role text, approval text,
    os_name text, os_version text, os_build text, os_architecture text,
    manufacturer text, model text, serial text, bios_serial text, chassis text, virtual_machine boolean, domain text,
    ip_addresses text NOT NULL, mac_addresses text NOT NULL, public_ip text, last_boot bigint,
    owner_uid text, owner_name text, owner_email text, warranty_start bigint, warranty_end bigint,
    backup_cloud_bytes bigint, backup_local_bytes bigint, backup_total_bytes bigint,
    backup_last_success bigint, backup_last_failure bigint, created bigint, url text,
    -- Last known state of a detached device; a fed one reads its source.
    last_contact bigint, last_user text,
    -- Of a device that was kept when its integration was deleted: the account, so that connecting it again finds the
    -- device by its remote id.
    source_account {bytes},
    source_hash bigint, version bigint NOT NULL, created_at bigint NOT NULL, updated_at bigint NOT NULL
);
CREATE UNIQUE INDEX devices_source ON devices (integration_id, remote_id);
CREATE INDEX devices_name ON devices (tenant_id, lower(name), id);
CREATE INDEX devices_account ON devices (tenant_id, source_account, remote_id);
CREATE INDEX devices_company ON devices (company_id);
CREATE INDEX devices_location ON devices (location_id);
CREATE INDEX devices_type ON devices (device_type_id);
CREATE INDEX devices_serial ON devices (tenant_id, serial);
CREATE TABLE import_results (
    run_id {uuid} NOT NULL REFERENCES runs (id) ON DELETE CASCADE, tenant_id {uuid} NOT NULL,
    remote_id text NOT NULL, name text NOT NULL, outcome text NOT NULL, reason text, device_id {uuid},
    PRIMARY KEY (run_id, remote_id)
)
";

crate::dialect::migration!(UP, drop: ["import_results", "devices"]);
