//! SQLite lists a device that an import inserts, with all that is computed of it, in one statement instead of three: each of the
//! others opened the table and its nine indexes to change nothing, and the row was read once more.

use crate::m0014_device_list::{listed_at_once, listed_in_one};

crate::dialect::migration!(on: Sqlite, each: listed_at_once(), down: listed_in_one());
