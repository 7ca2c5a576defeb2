//! Imports: staged devices into the inventory, and the inventory after a sync.

mod chunk;
mod execute;
mod placed;
mod refresh;
mod remap;
mod results;
mod serials;
mod start;
mod work;

pub(crate) use execute::execute;
pub(crate) use placed::{forget as forget_places, lock as lock_places};
pub(crate) use refresh::{any_elsewhere, bring_up_to_date, refresh, told};
pub(crate) use remap::{after_remap, remap};
