use super::state::Matcher;
use crate::{
    layout::may_manage,
    ui::selection_bar::{SelectCell, SelectHead},
};
use domain::permissions::Area;
use leptos::prelude::*;

/// The cell with a row's check box, for those who may decide. `ids` are the rows of the page.
#[component]
pub fn SelectBox(
    matcher: Matcher,
    remote_id: String,
    name: String,
    ids: StoredValue<Vec<String>>,
) -> impl IntoView {
    may_manage(Area::Mappings)
        .then(|| view! { <SelectCell selection=matcher.selection id=remote_id name ids /> })
}

/// The head of that column: all rows of the page.
#[component]
pub fn SelectPage(matcher: Matcher, ids: StoredValue<Vec<String>>) -> impl IntoView {
    may_manage(Area::Mappings).then(|| view! { <SelectHead selection=matcher.selection ids /> })
}
