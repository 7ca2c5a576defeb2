use super::paths::step_path;
use crate::{layout::may_manage, ui::url::encode};
use domain::{ids::IntegrationId, permissions::Area, wizard::Step};
use leptos::prelude::*;

/// The way to an organization in the wizard's second step, in the words of who may map it or of who may only look.
#[component]
pub fn OrganizationLink(
    #[prop(into)] integration: Signal<Option<IntegrationId>>,
    /// Its name.
    organization: String,
    #[prop(default = "link text-base-content")] class: &'static str,
) -> impl IntoView {
    let href = move || {
        let step = step_path(integration.get(), Step::Organizations)?;
        Some(format!("{step}?search={}", encode(&organization)))
    };
    let text = if may_manage(Area::Mappings) { "Map the organization" } else { "Show the organization" };
    view! { <a class=class href=href>{text}</a> }
}
