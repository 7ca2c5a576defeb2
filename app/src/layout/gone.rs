use super::PageHead;
use crate::ui::state::EmptyState;
use leptos::prelude::*;

/// The page of something that is not there (any more), with the way to the others. What else the page holds is hidden
/// where it stands behind this, in the same parent, as `peer-data-gone:hidden`.
#[component]
pub fn Gone(
    /// What it would be: "device".
    what: &'static str,
    icon: &'static str,
    /// Where the others are.
    #[prop(into)]
    href: String,
    label: &'static str,
) -> impl IntoView {
    let (first, rest) = what.split_at(1);
    view! {
        <div data-gone="true" class="peer">
            <PageHead title=format!("{}{rest} not found", first.to_uppercase()) />
            <EmptyState title=format!("This {what} does not exist") text="It may have been deleted, or the link is wrong." icon>
                <a class="btn btn-sm btn-primary" href=href>{label}</a>
            </EmptyState>
        </div>
    }
}
