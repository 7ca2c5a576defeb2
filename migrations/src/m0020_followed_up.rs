//! What has to happen after something that is already noted: a process may die in between, and another one then sees to it.

const UP: &str = "
-- When somebody else is to do what follows the end of a run; NULL once it is done.
ALTER TABLE runs ADD COLUMN follow_at bigint;
CREATE INDEX runs_follow ON runs (follow_at) WHERE follow_at IS NOT NULL;
-- The same for a tick of the clock and the runs that it starts.
ALTER TABLE schedule_ticks ADD COLUMN follow_at bigint
";

const DOWN: &str = "
ALTER TABLE schedule_ticks DROP COLUMN follow_at;
DROP INDEX runs_follow;
ALTER TABLE runs DROP COLUMN follow_at
";

crate::dialect::migration!(UP, down: DOWN);
