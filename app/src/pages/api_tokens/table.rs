use crate::{
    layout::may_manage,
    pages::companies::limit_words,
    ui::{
        badge::{Badge, Tone},
        table::TableBox,
        time::{Ago, absolute, date},
    },
};
use domain::{Time, api_token::ApiToken, permissions::Area};
use leptos::prelude::*;

/// Tokens with what they may, how long, and when they were used. `revoking` is the one that somebody wants to take away.
#[component]
pub fn Tokens(found: Vec<ApiToken>, revoking: RwSignal<Option<ApiToken>>) -> impl IntoView {
    let everybody = may_manage(Area::Users);
    let rows = found.into_iter().map(|token| view! { <Row token everybody revoking /> }).collect_view();
    view! {
        <TableBox>
            <table class="table table-sm">
                <caption class="sr-only">"API tokens"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        {everybody.then(|| view! { <th scope="col" class="max-sm:hidden">"User"</th> })}
                        <th scope="col" class="max-sm:hidden">"Role"</th>
                        <th scope="col">"Expires"</th>
                        <th scope="col" class="max-sm:hidden">"Last used"</th>
                        <th scope="col"><span class="sr-only">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </TableBox>
    }
}

#[component]
fn Row(token: ApiToken, everybody: bool, revoking: RwSignal<Option<ApiToken>>) -> impl IntoView {
    let revoked = token.clone();
    let user = everybody.then(|| view! { <td class="max-sm:hidden">{token.user_name.clone()}</td> });
    let expires = match token.expired {
        true => view! { <Badge tone=Tone::Warning label="Expired" /> }.into_any(),
        false => view! { <Expiry time=token.expires_at /> }.into_any(),
    };
    let used = match token.last_used_at {
        Some(time) => view! { <Ago time /> }.into_any(),
        None => "Never".into_any(),
    };
    let address =
        token.last_address.map(|from| view! { <span class="block text-xs text-muted">"from " {from}</span> });
    let limit =
        token.companies.map(|n| view! { <span class="block text-xs text-muted">{limit_words(n)}</span> });
    view! {
        <tr data-token-id=token.id.to_string()>
            <th scope="row" class="font-medium wrap-anywhere">
                {token.name.clone()}
                <span class="block text-xs font-normal text-muted">"ends with " <code>{token.hint}</code></span>
                <span class="block text-xs font-normal text-muted sm:hidden">{token.role_name.clone()}</span>
            </th>
            {user}
            <td class="max-sm:hidden">{token.role_name.clone()} {limit}</td>
            <td>{expires}</td>
            <td class="max-sm:hidden">{used} {address}</td>
            <td class="num">
                <button
                    type="button"
                    class="btn btn-ghost btn-xs"
                    aria-label=format!("Revoke {}", token.name)
                    on:click=move |_| revoking.set(Some(revoked.clone()))
                >
                    "Revoke"
                </button>
            </td>
        </tr>
    }
}

/// The day; the minute is its title.
#[component]
fn Expiry(time: Time) -> impl IntoView {
    view! { <time datetime=time.to_rfc3339() title=absolute(time) class="whitespace-nowrap tabular-nums">{date(time)}</time> }
}
