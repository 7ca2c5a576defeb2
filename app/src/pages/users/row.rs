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
        <tr class="max-md:grid max-md:grid-cols-[1fr_auto] max-md:items-start max-md:gap-2 max-md:p-3" data-member-id=id>
            <th scope="row" class="font-medium wrap-anywhere max-md:p-0">
                {member.called().to_owned()}
                {named.then(|| view! { <span class="block text-xs font-normal text-muted">{member.email.clone()}</span> })}
                <span class="block text-xs font-normal text-muted md:hidden">{member.role_name.clone()}</span>
            </th>
            <td class="max-md:hidden">{member.role_name.clone()}</td>
            <td class="max-md:col-span-2 max-md:p-0">
                <span class="flex flex-wrap gap-1">
                    <Badge tone label=words />
                    {owner}
                    {factor}
                    {mail.as_ref().map(|mail| mail_badge(mail.state))}
                    {limit}
                </span>
                {mail.and_then(|mail| mail.problem).map(|problem| view! { <MailProblem problem /> })}
            </td>
            <td class="max-md:hidden">{date(member.since)}</td>
            <td class="num max-md:col-start-2 max-md:row-start-1 max-md:p-0"><RowMenu member tools /></td>
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
