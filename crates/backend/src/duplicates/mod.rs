//! Devices that look like the same machine: found after runs and when somebody looks, decided by people.

mod compare;
mod decide;
mod follow;
mod list;
mod refresh;

pub(crate) use follow::follow;
pub(crate) use refresh::after_run;
