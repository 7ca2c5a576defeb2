use super::{
    row_menu::RowMenu,
    tools::UserTools,
    words::{mail_words, state_words},
};
use crate::{
    pages::companies::limit_words,
    ui::{
        badge::{Badge, Tone},
        time::date,
    },
};
use domain::users::{MailState, Member};
use leptos::prelude::*;

/// A user, or somebody who is invited.
#[component]
pub fn UserRow(member: Member, tools: UserTools) -> impl IntoView {
    let (tone, words) = state_words(member.state);
    let id = member.user_id.map(|id| id.to_string()).or(member.invitation_id.map(|id| id.to_string()));
    let named = !member.name.is_empty();
    let owner = member.owner.then(|| view! { <Badge tone=Tone::Info label="Owner" /> });
    let factor = member.second_factor.then(|| view! { <Badge tone=Tone::Success label="Second factor" /> });
    let mail = member.mail.clone();
    let limit = member.companies.map(|n| view! { <Badge tone=Tone::Neutral label=limit_words(n) /> });
    view! {
        <tr data-member-id=id>
            <th scope="row" class="font-medium wrap-anywhere">
                {member.called().to_owned()}
                {named.then(|| view! { <span class="block text-xs font-normal text-muted">{member.email.clone()}</span> })}
                <span class="block text-xs font-normal text-muted sm:hidden">{member.role_name.clone()}</span>
            </th>
            <td class="max-sm:hidden">{member.role_name.clone()}</td>
            <td>
                <span class="flex flex-wrap gap-1">
                    <Badge tone label=words />
                    {owner}
                    {factor}
                    {mail.as_ref().map(|mail| mail_badge(mail.state))}
                    {limit}
                </span>
                {mail.and_then(|mail| mail.problem).map(|problem| view! { <MailProblem problem /> })}
            </td>
            <td class="max-sm:hidden">{date(member.since)}</td>
            <td class="num"><RowMenu member tools /></td>
        </tr>
    }
}

fn mail_badge(state: MailState) -> impl IntoView {
    let (tone, words) = mail_words(state);
    view! { <Badge tone label=words /> }
}

#[component]
fn MailProblem(problem: String) -> impl IntoView {
    view! { <span class="mt-1 block text-xs wrap-anywhere text-muted" data-testid="mail-problem">{problem}</span> }
}
