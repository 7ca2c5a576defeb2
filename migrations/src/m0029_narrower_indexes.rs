//! Two indexes hold only the rows that somebody looks for through them: every other run and event is written without them.

const UP: &str = "
DROP INDEX runs_retry;
CREATE INDEX runs_retry ON runs (retry_at) WHERE retry_at IS NOT NULL;
DROP INDEX audit_events_user;
CREATE INDEX audit_events_user ON audit_events (tenant_id, user_id, seq) WHERE user_id IS NOT NULL
";

const DOWN: &str = "
DROP INDEX runs_retry;
CREATE INDEX runs_retry ON runs (retry_at);
DROP INDEX audit_events_user;
CREATE INDEX audit_events_user ON audit_events (tenant_id, user_id, seq)
";

crate::dialect::migration!(UP, down: DOWN);
