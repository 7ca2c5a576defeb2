//! What the pages share on which rows are mapped one by one, many at once, or by Quick Match, with the way back.

mod ask;
mod bulk;
mod choice;
mod decision_rows;
mod decisions;
mod help;
mod keys;
mod made;
mod proposal;
mod quick_match;
mod result;
mod row;
mod select_box;
mod state;
mod threshold;
mod undo;

pub use ask::{Ask, AskDialog};
pub use bulk::{BulkBar, BulkTarget};
pub use decisions::Decisions;
pub use help::KeyHelp;
pub use keys::{RowAct, focus_wish, go_on_from_focus, is_undo, row_keys};
pub use made::Made;
pub use proposal::{Proposal, Second};
pub use quick_match::QuickMatch;
pub use result::QuickMatchResult;
pub use row::{RowSaver, actions, acts, row_saver, shown, taking};
pub use select_box::{SelectBox, SelectPage};
pub use state::{Matcher, MatcherParts};
pub use undo::Undo;
