use crate::ui::{icon::Icon, list::ListState};
use leptos::prelude::*;

/// The list as a CSV file: these rows, in this order, with these columns.
#[component]
pub fn ExportLink(list: ListState) -> impl IntoView {
    let href = move || format!("/api/v1/devices/export.csv?{}", list.query());
    view! {
        <a class="btn btn-sm" href=href download rel="external">
            <Icon name="download" />
            "Export CSV"
        </a>
    }
}
