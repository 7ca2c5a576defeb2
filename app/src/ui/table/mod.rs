//! Parts of a list that is sorted, searched and paged in the database.

mod filter_links;
mod filter_select;
mod loaded;
mod pager;
mod search_box;
mod skeleton;
mod sort_header;
mod table_box;

pub use filter_links::FilterLinks;
pub use filter_select::FilterSelect;
pub use loaded::Loaded;
pub use pager::Pager;
pub use search_box::SearchBox;
pub use skeleton::TableSkeleton;
pub use sort_header::SortHeader;
pub use table_box::TableBox;
