use super::{
    api::list_users, ask::AskFirst, companies_dialog::CompaniesDialog, empty::NobodyFits,
    handed::HandedDialog, invite::InviteDialog, role_dialog::RoleDialog, rule::SecondFactorRule,
    sessions_dialog::SessionsDialog, table::UsersTable, tools::UserTools, words::state_words,
};
use crate::{
    layout::{PageHead, may_manage},
    ui::{
        icon::Icon,
        known::{IfKnown, Known},
        list::ListState,
        table::{FilterSelect, Loaded, SearchBox},
    },
};
use domain::{
    page::Listing,
    permissions::Area,
    users::{Member, MemberState},
};
use leptos::prelude::*;

/// Filters of the address.
const KNOWN: &[Known] = &[Known::of::<MemberState>("state", "a state")];

/// Who may sign in and who is invited: invite, change roles, shut out, hand the portal over.
#[component]
pub fn UsersPage() -> impl IntoView {
    let list = ListState::from_url();
    let state = list.get("state");
    let users = Resource::new(
        move || (list.page_number(), list.search_text(), list.sort.get(), state.get()),
        |(page, search, sort, state)| async move {
            list_users(page, None, search, sort, state.and_then(|s| s.parse().ok())).await
        },
    );
    let tools = UserTools::new(Callback::new(move |()| users.refetch()));
    let show = move |found: Listing<Member>| match found.total {
        0 => view! { <NobodyFits list /> }.into_any(),
        _ => view! { <UsersTable list found tools /> }.into_any(),
    };
    let states = MemberState::ALL.iter().map(|s| (s.to_string(), state_words(*s).1.to_owned())).collect();
    view! {
        <PageHead title="Users" text="Who may sign in, and what each of them may do.">
            <a class="btn btn-sm" href="/settings/roles">"Roles"</a>
            {may_manage(Area::Users).then(|| view! { <InviteButton tools /> })}
        </PageHead>
        {may_manage(Area::Users).then(|| view! { <SecondFactorRule /> })}
        <div class="mb-3 flex flex-wrap items-center gap-2">
            <SearchBox list label="Search name or email" />
            <FilterSelect list key="state" label="Filter by state" all="Any state" options=states />
        </div>
        <IfKnown list known=KNOWN>
            <Loaded read=users rows=4 columns=5 show />
        </IfKnown>
        <InviteDialog tools />
        <RoleDialog tools />
        <CompaniesDialog tools />
        <SessionsDialog tools />
        <AskFirst tools />
        <HandedDialog tools />
    }
}

#[component]
fn InviteButton(tools: UserTools) -> impl IntoView {
    view! {
        <button type="button" class="btn btn-sm btn-primary" on:click=move |_| tools.inviting.set(true)>
            <Icon name="plus" />
            "Invite"
        </button>
    }
}
