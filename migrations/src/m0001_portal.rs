//! Tenants, users and sessions.

const UP: &str = "
CREATE TABLE tenants (
    id {uuid} PRIMARY KEY, name text NOT NULL, created_at bigint NOT NULL
);
-- One row at most: the portal that this installation serves.
CREATE TABLE portal (
    id integer PRIMARY KEY CHECK (id = 1), tenant_id {uuid} NOT NULL REFERENCES tenants (id)
);
CREATE TABLE users (
    id {uuid} PRIMARY KEY, tenant_id {uuid} NOT NULL REFERENCES tenants (id),
    name text NOT NULL, email text NOT NULL, email_key text NOT NULL, password_hash text NOT NULL,
    role text NOT NULL, active boolean NOT NULL, created_at bigint NOT NULL
);
CREATE UNIQUE INDEX users_email ON users (email_key);
CREATE TABLE sessions (
    token_hash {bytes} PRIMARY KEY, tenant_id {uuid} NOT NULL REFERENCES tenants (id),
    user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at bigint NOT NULL, last_seen_at bigint NOT NULL, expires_at bigint NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at)
";

crate::dialect::migration!(UP, drop: ["sessions", "users", "portal", "tenants"]);
