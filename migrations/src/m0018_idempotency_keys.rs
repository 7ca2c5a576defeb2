//! Answers of writes that came with a key of the caller's, so that the same request sent twice is done once.

crate::dialect::migration!(
    "
-- `owner_id` is the API token, or the user of a session. A row without a status is of a request that is under way.
CREATE TABLE idempotency_keys (
    owner_id {uuid} NOT NULL, key_hash {bytes} NOT NULL, tenant_id {uuid} NOT NULL REFERENCES tenants (id),
    request_hash {bytes} NOT NULL, status bigint, body {bytes}, created_at bigint NOT NULL,
    PRIMARY KEY (owner_id, key_hash)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at)
",
    drop: ["idempotency_keys"]
);
