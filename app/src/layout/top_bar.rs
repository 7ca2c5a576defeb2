use super::{
    ThemeSwitch,
    me::{may_view, use_me},
    user_menu::UserMenu,
};
use crate::ui::icon::Icon;
use domain::permissions::Area;
use leptos::prelude::*;

/// The bar above every signed-in page: whose portal it is, the theme, the user.
#[component]
pub fn TopBar() -> impl IntoView {
    let me = use_me();
    view! {
        <header class="sticky top-0 z-20 flex h-14 shrink-0 items-center gap-2 border-b border-base-300 bg-base-100 px-4 no-print lg:px-6">
            <a href="/" class="flex min-w-0 items-center gap-2 font-semibold">
                <img src="/favicon.svg" alt="" width="24" height="24" class="shrink-0 lg:hidden" />
                <span class="truncate">{me.tenant.name}</span>
            </a>
            <div class="ml-auto flex shrink-0 items-center gap-1">
                {may_view(Area::Devices).then(|| {
                    view! {
                        <a href="/why" class="btn btn-ghost btn-sm btn-square lg:hidden" aria-label="Why?" title="Why?">
                            <Icon name="help" class="size-5" />
                        </a>
                    }
                })}
                <ThemeSwitch />
                <UserMenu />
            </div>
        </header>
    }
}
