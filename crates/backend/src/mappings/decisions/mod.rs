//! Decisions about mappings: what they change, what follows, how they are kept and taken back.

mod apply;
mod change;
mod effects;
mod history;
mod log;
mod plan;
mod rejections;
mod undo;

pub(super) use apply::{Applied, apply, queue_remap};
pub(super) use change::{Change, Wanted, changes, mapped};
pub(super) use effects::imported_elsewhere;
pub(super) use plan::{Plan, checked, insert_new, is_current};
pub(super) use rejections::by_row as rejections_by_row;

use crate::{Tenant, tenant::Access};
use domain::ids::RunId;

impl<A: Access> Tenant<A> {
    /// Pushes the job of a run that was queued with a decision.
    pub(super) async fn push_remap(&self, run: Option<RunId>) {
        if let Some(id) = run {
            self.portal().queue().hand_over(id, 0).await;
        }
    }
}
