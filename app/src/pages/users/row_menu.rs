use super::tools::{Act, UserTools};
use crate::{
    layout::use_me,
    ui::{icon::Icon, menu::Menu},
};
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
    let item = move |(act, words): (Option<Act>, &'static str)| {
        let member = member.clone();
        let press = move |_| match act {
            Some(act) => tools.wish(act, &member),
            None => tools.change_role(&member),
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

/// The entries of the menu; `None` opens the dialog with the role.
fn acts(member: &Member) -> Vec<(Option<Act>, &'static str)> {
    match member.state {
        // The owner is changed by handing the portal over.
        MemberState::Active if member.owner => vec![],
        MemberState::Active => {
            let hand_over = member.may_own.then_some((Some(Act::HandOver), "Hand the portal over"));
            let first = [(None, "Change role"), (Some(Act::ResetPassword), "Reset password")];
            let factor =
                member.second_factor.then_some((Some(Act::ResetSecondFactor), "Reset second factor"));
            first
                .into_iter()
                .chain(factor)
                .chain(hand_over)
                .chain([(Some(Act::Deactivate), "Deactivate")])
                .collect()
        }
        MemberState::Invited | MemberState::Expired => {
            vec![(Some(Act::InviteAgain), "New link"), (Some(Act::Withdraw), "Withdraw")]
        }
        MemberState::Deactivated => vec![(Some(Act::Activate), "Activate"), (None, "Change role")],
    }
}
