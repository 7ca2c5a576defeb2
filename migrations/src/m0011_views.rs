//! Saved views of the list of devices.

const UP: &str = "
CREATE TABLE device_views (
    id {uuid} PRIMARY KEY, tenant_id {uuid} NOT NULL REFERENCES tenants (id),
    user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name text NOT NULL, name_key text NOT NULL,
    -- Filters, sort and columns as they stand in the address.
    query text NOT NULL, shared boolean NOT NULL,
    version bigint NOT NULL, created_at bigint NOT NULL, updated_at bigint NOT NULL
);
CREATE UNIQUE INDEX device_views_name ON device_views (tenant_id, user_id, name_key)
";

crate::dialect::migration!(UP, drop: ["device_views"]);
