use super::{me::use_me, nav::settings_places, sign_out::SignOutForm};
use crate::ui::{icon::Icon, menu::Menu};
use leptos::prelude::*;

/// Who is signed in, and the way out.
#[component]
pub fn UserMenu() -> impl IntoView {
    let me = use_me();
    let first_name = me.user.name.split_whitespace().next().unwrap_or_default().to_owned();
    let button = view! {
        <Icon name="user" />
        <span class="max-w-32 truncate max-sm:hidden">{first_name}</span>
    };
    view! {
        <Menu label=format!("Account of {}", me.user.name) button=button.into_any() once=true>
            <div class="px-2 pb-2">
                <p class="truncate font-semibold">{me.user.name}</p>
                <p class="truncate text-sm text-muted">{me.user.email}</p>
                <p class="text-sm text-muted">{me.role_name}</p>
            </div>
            <a href="/account" class="btn btn-ghost btn-sm btn-block justify-start">"Account"</a>
            <a href="/settings/tokens" class="btn btn-ghost btn-sm btn-block justify-start">"API tokens"</a>
            {settings_places()
                .map(|(href, name)| view! { <a class="btn btn-ghost btn-sm btn-block justify-start" href=href>{name}</a> })
                .collect_view()}
            <SignOutForm class="btn btn-sm btn-block mt-1" />
        </Menu>
    }
}
