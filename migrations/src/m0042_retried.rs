//! Which run tried another one again: its page looks for it.

const UP: &str = "
CREATE INDEX runs_retried ON runs (retry_of) WHERE retry_of IS NOT NULL
";

const DOWN: &str = "
DROP INDEX runs_retried
";

crate::dialect::migration!(UP, down: DOWN);
