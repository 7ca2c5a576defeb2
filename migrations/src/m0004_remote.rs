//! Staging: what the vendor sent, and how it is mapped.

const UP: &str = "
CREATE TABLE organizations (
    tenant_id {uuid} NOT NULL, integration_id {uuid} NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    remote_id text NOT NULL, name text NOT NULL, name_key text NOT NULL, description text,
    device_count bigint NOT NULL, hash bigint NOT NULL, missing_since bigint,
    created_at bigint NOT NULL, updated_at bigint NOT NULL,
    PRIMARY KEY (integration_id, remote_id)
);
CREATE TABLE organization_mappings (
    tenant_id {uuid} NOT NULL, integration_id {uuid} NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    remote_id text NOT NULL, status text NOT NULL, company_id {uuid} REFERENCES companies (id),
    confidence double precision, reasons text, mapped_by text, user_id {uuid}, mapped_at bigint, version bigint NOT NULL,
    PRIMARY KEY (integration_id, remote_id)
);
CREATE INDEX organization_mappings_company ON organization_mappings (company_id);
CREATE TABLE remote_locations (
    tenant_id {uuid} NOT NULL, integration_id {uuid} NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    remote_id text NOT NULL, organization_id text NOT NULL, name text NOT NULL, name_key text NOT NULL, address text,
    hash bigint NOT NULL, missing_since bigint, created_at bigint NOT NULL, updated_at bigint NOT NULL,
    PRIMARY KEY (integration_id, remote_id)
);
CREATE INDEX remote_locations_organization ON remote_locations (integration_id, organization_id);
CREATE TABLE location_mappings (
    tenant_id {uuid} NOT NULL, integration_id {uuid} NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    remote_id text NOT NULL, status text NOT NULL, location_id {uuid} REFERENCES locations (id),
    confidence double precision, reasons text, mapped_by text, user_id {uuid}, mapped_at bigint, version bigint NOT NULL,
    PRIMARY KEY (integration_id, remote_id)
);
CREATE INDEX location_mappings_location ON location_mappings (location_id);
CREATE TABLE node_class_mappings (
    tenant_id {uuid} NOT NULL, integration_id {uuid} NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    node_class text NOT NULL, device_type_id {uuid} REFERENCES device_types (id),
    auto_sync boolean NOT NULL, ignored boolean NOT NULL, version bigint NOT NULL,
    PRIMARY KEY (integration_id, node_class)
);
CREATE TABLE remote_devices (
    tenant_id {uuid} NOT NULL, integration_id {uuid} NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    remote_id text NOT NULL,
    -- The id that an inventory device made from this row takes.
    id {uuid} NOT NULL,
    organization_id text NOT NULL, location_id text, node_class text NOT NULL,
    -- Lower-case text of everything a search looks at.
    search_key text NOT NULL,
    name text NOT NULL, hostname text, dns_name text, netbios_name text, role text, approval text,
    os_name text, os_version text, os_build text, os_architecture text,
    manufacturer text, model text, serial text, bios_serial text, chassis text, virtual_machine boolean, domain text,
    ip_addresses text NOT NULL, mac_addresses text NOT NULL, public_ip text, last_boot bigint,
    owner_uid text, owner_name text, owner_email text, warranty_start bigint, warranty_end bigint,
    backup_cloud_bytes bigint, backup_local_bytes bigint, backup_total_bytes bigint,
    backup_last_success bigint, backup_last_failure bigint, created bigint, url text,
    hash bigint NOT NULL, missing_since bigint, created_at bigint NOT NULL, updated_at bigint NOT NULL,
    -- The inventory device fed by this row.
    device_id {uuid},
    PRIMARY KEY (integration_id, remote_id)
);
CREATE INDEX remote_devices_organization ON remote_devices (integration_id, organization_id);
CREATE INDEX remote_devices_class ON remote_devices (integration_id, node_class);
CREATE INDEX remote_devices_name ON remote_devices (integration_id, lower(name), remote_id);
CREATE INDEX remote_devices_device ON remote_devices (device_id);
-- What moves with every check-in lives in a narrow table of its own, so that a heartbeat writes little.
CREATE TABLE remote_device_status (
    integration_id {uuid} NOT NULL REFERENCES integrations (id) ON DELETE CASCADE, remote_id text NOT NULL,
    offline boolean, last_contact bigint, last_user text,
    PRIMARY KEY (integration_id, remote_id)
)
";

crate::dialect::migration!(UP, drop: [
    "remote_device_status", "remote_devices", "node_class_mappings", "location_mappings", "remote_locations",
    "organization_mappings", "organizations",
]);
