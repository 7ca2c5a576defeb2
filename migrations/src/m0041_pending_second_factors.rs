//! Another authenticator app, while the second factor stays on: its secret stands beside the one that counts.

const UP: &str = "
CREATE TABLE pending_second_factors (
    user_id {uuid} PRIMARY KEY REFERENCES second_factors (user_id) ON DELETE CASCADE,
    tenant_id {uuid} NOT NULL REFERENCES tenants (id),
    key_id text NOT NULL, data_key {bytes} NOT NULL, secret {bytes} NOT NULL, created_at bigint NOT NULL
)
";

crate::dialect::migration!(UP, drop: ["pending_second_factors"]);
