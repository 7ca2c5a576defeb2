//! Step 4: node classes, staged devices, and their import.

mod node_class_row;
mod node_classes;
mod page;
mod result_list;
mod results;
mod same;
mod staged;
mod staged_empty;
mod staged_filters;
mod staged_row;
mod sync;

pub use page::ImportPage;
pub use result_list::ResultsTable;
