use super::{api::list_roles, card::RoleCard, delete::DeleteDialog, form::RoleDialog, tools::RoleTools};
use crate::{
    layout::{BackLink, PageHead, may_manage},
    ui::{icon::Icon, table::Loaded},
};
use domain::{permissions::Area, roles::RoleView};
use leptos::prelude::*;

/// The roles of the portal: read what each allows, make own ones, change and delete them.
#[component]
pub fn RolesPage() -> impl IntoView {
    let roles = Resource::new(|| (), |()| list_roles());
    let tools = RoleTools::new(Callback::new(move |()| roles.refetch()));
    let show = move |found: Vec<RoleView>| view! { <Roles found tools /> }.into_any();
    view! {
        <BackLink href="/settings/users" label="Users" />
        <PageHead title="Roles" text="What each role lets somebody do. A change counts at once for everybody who has the role, and signs them out.">
            {may_manage(Area::Users).then(|| view! { <NewButton tools /> })}
        </PageHead>
        <Loaded read=roles rows=4 columns=2 show retry=tools.changed />
        <RoleDialog tools />
        <DeleteDialog tools />
    }
}

#[component]
fn NewButton(tools: RoleTools) -> impl IntoView {
    view! {
        <button type="button" class="btn btn-sm btn-primary" on:click=move |_| tools.edit(None)>
            <Icon name="plus" />
            "New role"
        </button>
    }
}

#[component]
fn Roles(found: Vec<RoleView>, tools: RoleTools) -> impl IntoView {
    let (custom, built_in): (Vec<_>, Vec<_>) = found.into_iter().partition(RoleView::is_custom);
    let cards = move |roles: Vec<RoleView>| {
        let cards = roles.into_iter().map(|role| view! { <RoleCard role tools /> }).collect_view();
        view! { <ul class="grid gap-3 md:grid-cols-2 xl:grid-cols-3">{cards}</ul> }
    };
    let own = match custom.is_empty() {
        true => {
            let text = "None yet. Make one where the roles of every portal allow too much or too little.";
            view! { <p class="text-sm text-muted">{text}</p> }.into_any()
        }
        false => cards(custom).into_any(),
    };
    view! {
        <div class="flex flex-col gap-6">
            <section aria-labelledby="own-roles">
                <h2 id="own-roles" class="mb-2 text-lg font-semibold">"Your own roles"</h2>
                {own}
            </section>
            <section aria-labelledby="built-in-roles">
                <h2 id="built-in-roles" class="mb-2 text-lg font-semibold">"Roles of every portal"</h2>
                {cards(built_in)}
            </section>
        </div>
    }
}
