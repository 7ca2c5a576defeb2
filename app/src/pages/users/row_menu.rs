use super::tools::{Act, UserTools};
use crate::layout::may_view;
use crate::{
    layout::use_me,
    ui::{icon::Icon, menu::Menu},
};
use domain::permissions::Area;
use domain::users::{Member, MemberState};
use leptos::prelude::*;

/// What can be done with somebody now. Nothing with oneself: that is the Account page's.
#[component]
pub fn RowMenu(member: Member, tools: UserTools) -> impl IntoView {
    let me = use_me();
    if member.user_id == Some(me.user.id) {
        return view! { <a href="/account" class="btn btn-ghost btn-xs">"Account"</a> }.into_any();
    }
    let acts = acts(&member);
    if acts.is_empty() || !member.may_change {
        return ().into_any();
    }
    let label = format!("Actions for {}", member.called());
    let item = move |(entry, words): (Entry, &'static str)| {
        let member = member.clone();
        let press = move |_| match entry {
            Entry::Do(act) => tools.wish(act, &member),
            Entry::Role => tools.change_role(&member),
            Entry::Companies => tools.change_companies(&member),
            Entry::Sessions => tools.show_sessions(&member),
        };
        view! {
            <li>
                <button type="button" class="btn btn-ghost btn-sm btn-block justify-start" on:click=press>{words}</button>
            </li>
        }
    };
    view! {
        <Menu label class="btn btn-ghost btn-xs btn-square" once=true button=view! { <Icon name="more" /> }.into_any()>
            <ul>{acts.into_iter().map(item).collect_view()}</ul>
        </Menu>
    }
    .into_any()
}

/// What an entry of the menu does.
#[derive(Clone, Copy)]
enum Entry {
    Do(Act),
    /// Opens the dialog with the role.
    Role,
    /// Opens the dialog with the companies.
    Companies,
    /// Opens the dialog with the places where they are signed in.
    Sessions,
}

/// The entries of the menu.
fn acts(member: &Member) -> Vec<(Entry, &'static str)> {
    // Administrators see all companies.
    let limits = may_view(Area::Companies) || member.companies.is_some();
    let companies = (!member.role.is_admin() && limits).then_some((Entry::Companies, "Companies"));
    let sessions = (Entry::Sessions, "Sessions");
    match member.state {
        // The owner is changed by handing the portal over.
        MemberState::Active if member.owner => vec![sessions],
        MemberState::Active => {
            let hand_over = member.may_own.then_some((Entry::Do(Act::HandOver), "Hand the portal over"));
            let reset = [(Entry::Do(Act::ResetPassword), "Reset password")];
            let factor =
                member.second_factor.then_some((Entry::Do(Act::ResetSecondFactor), "Reset second factor"));
            [(Entry::Role, "Change role")]
                .into_iter()
                .chain(companies)
                .chain([sessions])
                .chain(reset)
                .chain(factor)
                .chain(hand_over)
                .chain([(Entry::Do(Act::Deactivate), "Deactivate")])
                .collect()
        }
        MemberState::Invited | MemberState::Expired => {
            let again = if member.mail.is_some() { "Send again" } else { "New link" };
            vec![(Entry::Do(Act::InviteAgain), again), (Entry::Do(Act::Withdraw), "Withdraw")]
        }
        MemberState::Deactivated => {
            let first = [(Entry::Do(Act::Activate), "Activate"), (Entry::Role, "Change role")];
            first.into_iter().chain(companies).collect()
        }
    }
}
