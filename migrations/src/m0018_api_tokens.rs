//! Tokens that programs call the API with.

crate::dialect::migration!(
    "
-- Of a token its hash is kept, and its last characters, by which people tell tokens apart. `last_used_at` and `last_address`
-- are to within minutes.
CREATE TABLE api_tokens (
    id {uuid} PRIMARY KEY, tenant_id {uuid} NOT NULL REFERENCES tenants (id),
    user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name text NOT NULL, name_key text NOT NULL, role text NOT NULL, token_hash {bytes} NOT NULL, hint text NOT NULL,
    created_at bigint NOT NULL, expires_at bigint NOT NULL, last_used_at bigint, last_address text
);
CREATE UNIQUE INDEX api_tokens_hash ON api_tokens (token_hash);
CREATE UNIQUE INDEX api_tokens_name ON api_tokens (user_id, name_key);
CREATE INDEX api_tokens_tenant ON api_tokens (tenant_id, created_at)
",
    drop: ["api_tokens"]
);
