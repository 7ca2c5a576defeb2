//! Staging: the devices that the vendor sent, and whether each can be imported.
//!
//! Lists, counts, node classes and imports share one rule ([`fragment`]), so that they never disagree.

mod auto;
mod counts;
pub(crate) mod fragment;
mod list;
mod same;
pub(crate) mod waiting;

pub(crate) use auto::has_auto_import;
pub(crate) use counts::counts;
