//! Companies, PSA locations and device types. Names are unique among what is not archived.

const UP: &str = "
CREATE TABLE companies (
    id {uuid} PRIMARY KEY, tenant_id {uuid} NOT NULL REFERENCES tenants (id),
    name text NOT NULL, name_key text NOT NULL,
    domain text, phone text, address text, psa_ref text,
    archived_at bigint, version bigint NOT NULL, created_at bigint NOT NULL, updated_at bigint NOT NULL
);
CREATE UNIQUE INDEX companies_name ON companies (tenant_id, name_key) WHERE archived_at IS NULL;
CREATE INDEX companies_sorted ON companies (tenant_id, archived_at, name_key);
CREATE TABLE locations (
    id {uuid} PRIMARY KEY, tenant_id {uuid} NOT NULL REFERENCES tenants (id),
    company_id {uuid} NOT NULL REFERENCES companies (id),
    name text NOT NULL, name_key text NOT NULL, address text, psa_ref text,
    archived_at bigint, version bigint NOT NULL, created_at bigint NOT NULL, updated_at bigint NOT NULL
);
CREATE UNIQUE INDEX locations_name ON locations (company_id, name_key) WHERE archived_at IS NULL;
CREATE INDEX locations_sorted ON locations (tenant_id, archived_at, name_key);
CREATE TABLE device_types (
    id {uuid} PRIMARY KEY, tenant_id {uuid} NOT NULL REFERENCES tenants (id),
    name text NOT NULL, name_key text NOT NULL,
    archived_at bigint, version bigint NOT NULL, created_at bigint NOT NULL, updated_at bigint NOT NULL
);
CREATE UNIQUE INDEX device_types_name ON device_types (tenant_id, name_key) WHERE archived_at IS NULL
";

crate::dialect::migration!(UP, drop: ["device_types", "locations", "companies"]);
