//! Imports: staged devices into the inventory, and the inventory after a sync.

mod chunk;
mod execute;
mod placed;
mod refresh;
mod remap;
mod results;
mod start;
mod work;

pub(crate) use execute::execute;
pub(crate) use placed::forget as forget_places;
pub(crate) use refresh::{any_elsewhere, bring_up_to_date, refresh};
pub(crate) use remap::{after_remap, remap};
