//! Invitations, links for a new password, and who owns a tenant.

const UP: &str = "
-- Who answers for the tenant: its creator, until it is handed over.
ALTER TABLE users ADD COLUMN owner boolean NOT NULL DEFAULT FALSE;
CREATE UNIQUE INDEX users_owner ON users (tenant_id) WHERE owner;
UPDATE users SET owner = TRUE WHERE active AND role = 'admin' AND NOT EXISTS (
    SELECT 1 FROM users o WHERE o.tenant_id = users.tenant_id AND o.active AND o.role = 'admin'
        AND (o.created_at < users.created_at OR (o.created_at = users.created_at AND o.id < users.id))
);
-- Somebody who was invited and has not come yet; the link's token is kept as a hash.
CREATE TABLE invitations (
    id {uuid} PRIMARY KEY, tenant_id {uuid} NOT NULL REFERENCES tenants (id),
    email text NOT NULL, email_key text NOT NULL, role text NOT NULL,
    token_hash {bytes} NOT NULL, created_at bigint NOT NULL, expires_at bigint NOT NULL
);
CREATE UNIQUE INDEX invitations_email ON invitations (tenant_id, email_key);
CREATE UNIQUE INDEX invitations_token ON invitations (token_hash);
-- The link with which a user chooses a new password; one at a time.
CREATE TABLE password_links (
    user_id {uuid} PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    tenant_id {uuid} NOT NULL REFERENCES tenants (id),
    token_hash {bytes} NOT NULL, created_at bigint NOT NULL, expires_at bigint NOT NULL
);
CREATE UNIQUE INDEX password_links_token ON password_links (token_hash)
";

const DOWN: &str = "
DROP TABLE password_links;
DROP TABLE invitations;
DROP INDEX users_owner;
ALTER TABLE users DROP COLUMN owner
";

crate::dialect::migration!(UP, down: DOWN);
