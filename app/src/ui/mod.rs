//! Widgets: they show what they are given and know no data.

pub mod badge;
pub mod button;
pub mod chart;
pub mod combobox;
pub mod copy_button;
pub mod dialog;
pub mod field;
pub mod filter_tabs;
pub mod icon;
pub mod known;
pub mod list;
pub mod live;
pub mod menu;
pub mod number;
pub mod pending;
pub mod run_panel;
pub mod selection;
pub mod selection_bar;
pub mod sign_in;
pub mod state;
pub mod table;
pub mod time;
pub mod toast;
pub mod url;
