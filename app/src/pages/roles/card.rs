use super::tools::RoleTools;
use crate::{
    layout::{may_manage, use_me},
    ui::{icon::Icon, number::things},
};
use domain::{
    audit::sentence_case,
    permissions::{Area, Level, Permissions},
    roles::RoleView,
};
use leptos::prelude::*;

/// A role with what it allows and how many have it; one of the tenant's own with Edit and Delete.
#[component]
pub fn RoleCard(role: RoleView, tools: RoleTools) -> impl IntoView {
    let mine = use_me().permissions.include(&role.permissions);
    let can_change = role.is_custom() && may_manage(Area::Users) && mine;
    let buttons = can_change.then(|| view! { <Buttons role=role.clone() tools /> });
    let line = |(word, areas): (&'static str, String)| {
        view! { <div><dt class="inline font-medium">{word} ": "</dt><dd class="inline">{areas}</dd></div> }
    };
    let levels = [("Manages", Level::Manage), ("Views", Level::Read)];
    let lines = levels.into_iter().filter_map(|(word, level)| {
        let areas = areas_at(&role.permissions, level);
        (!areas.is_empty()).then(|| line((word, areas)))
    });
    view! {
        <li class="card bg-base-100" data-role=role.role.to_string()>
            <div class="card-body gap-2 p-4">
                <div class="flex items-start justify-between gap-2">
                    <h3 class="min-w-0 font-semibold wrap-anywhere">{role.name.clone()}</h3>
                    {buttons}
                </div>
                {role.description.clone().map(|text| view! { <p class="grow-0 text-sm text-muted wrap-anywhere">{text}</p> })}
                <dl class="text-sm">{lines.collect_view()}</dl>
                <p class="mt-auto grow-0 text-sm text-muted">{things(role.users, "user", "users")}</p>
            </div>
        </li>
    }
}

/// The areas of exactly that level, in words.
fn areas_at(permissions: &Permissions, level: Level) -> String {
    let areas: Vec<&str> =
        Area::ALL.iter().filter(|area| permissions.of(**area) == level).map(|area| area.as_str()).collect();
    sentence_case(&areas.join(", ")).to_lowercase()
}

#[component]
fn Buttons(role: RoleView, tools: RoleTools) -> impl IntoView {
    let (edited, deleted) = (role.clone(), role.clone());
    view! {
        <span class="flex shrink-0">
            <button
                type="button"
                class="btn btn-ghost btn-xs btn-square"
                aria-label=format!("Edit {}", role.name)
                title="Edit"
                on:click=move |_| tools.edit(Some(edited.clone()))
            >
                <Icon name="pencil" />
            </button>
            <button
                type="button"
                class="btn btn-ghost btn-xs btn-square"
                aria-label=format!("Delete {}", role.name)
                title="Delete"
                on:click=move |_| tools.delete(deleted.clone())
            >
                <Icon name="trash" />
            </button>
        </span>
    }
}
