//! Roles that a tenant makes for itself.

/// Whoever has a custom role has the word `custom` for its built-in one. What refers to roles is kept whole by the use cases,
/// which hold the tenant's row meanwhile; a role that is not there allows nothing.
const UP: &str = "
CREATE TABLE roles (
    id {uuid} PRIMARY KEY, tenant_id {uuid} NOT NULL REFERENCES tenants (id),
    name text NOT NULL, name_key text NOT NULL, description text, permissions text NOT NULL,
    version bigint NOT NULL, created_at bigint NOT NULL, updated_at bigint NOT NULL
);
CREATE UNIQUE INDEX roles_name ON roles (tenant_id, name_key);
ALTER TABLE users ADD COLUMN role_id {uuid};
ALTER TABLE invitations ADD COLUMN role_id {uuid};
ALTER TABLE api_tokens ADD COLUMN role_id {uuid}
";

const DOWN: &str = "
UPDATE users SET role = 'read' WHERE role = 'custom';
UPDATE invitations SET role = 'read' WHERE role = 'custom';
UPDATE api_tokens SET role = 'read' WHERE role = 'custom';
ALTER TABLE api_tokens DROP COLUMN role_id;
ALTER TABLE invitations DROP COLUMN role_id;
ALTER TABLE users DROP COLUMN role_id;
DROP TABLE roles
";

crate::dialect::migration!(UP, down: DOWN);
