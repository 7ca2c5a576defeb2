use super::api::{load_user_rules, require_second_factor};
use crate::ui::{button::ActionButton, dialog::ConfirmDialog, table::Loaded, toast::use_toasts};
use domain::users::UserRules;
use leptos::prelude::*;

/// Whether everybody needs a second factor, and the way to change that.
#[component]
pub fn SecondFactorRule() -> impl IntoView {
    let (toasts, asking) = (use_toasts(), RwSignal::new(false));
    let rules = Resource::new(|| (), |()| load_user_rules());
    let change = Action::new(move |required: &bool| {
        let required = *required;
        async move {
            match require_second_factor(required).await {
                Ok(_) if required => toasts.success("Everybody needs a second factor now."),
                Ok(_) => toasts.success("A second factor is left to each user now."),
                Err(error) => toasts.refused(&error),
            }
            _ = asking.try_set(false);
            rules.refetch();
        }
    });
    let show = move |found: UserRules| {
        let press = Callback::new(move |()| match found.second_factor_required {
            true => _ = change.dispatch(false),
            false => asking.set(true),
        });
        let label =
            if found.second_factor_required { "Leave it to each user" } else { "Require it of everybody" };
        view! {
            <div class="flex flex-wrap items-center justify-between gap-2">
                <p class="text-sm">{words(&found)}</p>
                <ActionButton label busy=change.pending() on_press=press class="btn btn-sm" />
            </div>
        }
        .into_any()
    };
    view! {
        <section class="mb-3 rounded-box border border-base-300 bg-base-100 p-3" aria-label="Second factor">
            <Loaded read=rules rows=1 columns=1 show />
        </section>
        <ConfirmDialog
            open=asking
            title="Require a second factor of everybody?"
            text="Whoever has none sets one up after signing in, and can do nothing else until then. Their API tokens are refused until then, too."
            confirm="Require it"
            busy=change.pending()
            on_confirm=Callback::new(move |()| _ = change.dispatch(true))
        />
    }
}

fn words(rules: &UserRules) -> String {
    let without = match rules.without_second_factor {
        0 => "Every active user has one.".to_owned(),
        1 => "1 active user has none.".to_owned(),
        n => format!("{n} active users have none."),
    };
    match rules.second_factor_required {
        true => format!("Everybody needs a second factor. {without}"),
        false => format!("A second factor is left to each user. {without}"),
    }
}
