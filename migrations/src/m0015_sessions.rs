//! Sessions that can be told apart and ended one by one, devices that are known, guesses that are counted, second factors.

const UP: &str = "
-- Sessions have an id now, and say where they were opened: who is signed in signs in once more.
DROP TABLE sessions;
CREATE TABLE sessions (
    id {uuid} PRIMARY KEY, token_hash {bytes} NOT NULL, tenant_id {uuid} NOT NULL REFERENCES tenants (id),
    user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at bigint NOT NULL, last_seen_at bigint NOT NULL, expires_at bigint NOT NULL,
    address text, user_agent text
);
CREATE UNIQUE INDEX sessions_token ON sessions (token_hash);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);
-- Browsers in which somebody has signed in: others' guesses do not lock them out.
CREATE TABLE known_devices (
    token_hash {bytes} NOT NULL, user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at bigint NOT NULL, PRIMARY KEY (token_hash, user_id)
);
CREATE INDEX known_devices_user ON known_devices (user_id);
CREATE INDEX known_devices_expiry ON known_devices (expires_at);
-- Wrong passwords and codes of the last minutes, by a hash of what they are counted under; JSON: when each was.
CREATE TABLE guesses (
    budget {bytes} PRIMARY KEY, times text NOT NULL, last_at bigint NOT NULL
);
CREATE INDEX guesses_last ON guesses (last_at);
-- Secrets of authenticator apps, sealed; `last_step` is the step of the last code that was accepted.
CREATE TABLE second_factors (
    user_id {uuid} PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    tenant_id {uuid} NOT NULL REFERENCES tenants (id),
    key_id text NOT NULL, data_key {bytes} NOT NULL, secret {bytes} NOT NULL,
    last_step bigint NOT NULL, created_at bigint NOT NULL, confirmed_at bigint
);
CREATE TABLE recovery_codes (
    user_id {uuid} NOT NULL REFERENCES second_factors (user_id) ON DELETE CASCADE,
    code_hash {bytes} NOT NULL, PRIMARY KEY (user_id, code_hash)
)
";

const DOWN: &str = "
DROP TABLE recovery_codes;
DROP TABLE second_factors;
DROP TABLE guesses;
DROP TABLE known_devices;
DROP TABLE sessions;
CREATE TABLE sessions (
    token_hash {bytes} PRIMARY KEY, tenant_id {uuid} NOT NULL REFERENCES tenants (id),
    user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at bigint NOT NULL, last_seen_at bigint NOT NULL, expires_at bigint NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at)
";

crate::dialect::migration!(UP, down: DOWN);
