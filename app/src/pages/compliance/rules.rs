use super::api::save_rules;
use crate::{
    layout::may_manage,
    ui::{
        button::SubmitButton,
        field::{FormError, FormErrors},
        time::When,
        toast::use_toasts,
    },
};
use domain::{
    compliance::{Check, ComplianceRules, MOST_DAYS, Rule},
    permissions::Area,
};
use leptos::prelude::*;

/// A rule while it is edited.
#[derive(Clone, Copy)]
struct Edited {
    check: Check,
    on: RwSignal<bool>,
    /// As typed; empty for a check without days.
    days: RwSignal<String>,
    scored: RwSignal<bool>,
}

impl Edited {
    fn of(rule: Rule) -> Self {
        Self {
            check: rule.check,
            on: RwSignal::new(rule.on),
            days: RwSignal::new(rule.days.map(|n| n.to_string()).unwrap_or_default()),
            scored: RwSignal::new(rule.scored),
        }
    }

    /// The rule as it stands; what is no number has no days, which is refused where they are needed.
    fn rule(self) -> Rule {
        Rule {
            check: self.check,
            on: self.on.get_untracked(),
            days: self.days.read_untracked().trim().parse().ok(),
            scored: self.scored.get_untracked(),
        }
    }
}

/// One row per check: on or off, days, whether it counts. Those who may not change them read them.
#[component]
pub fn RulesForm(found: ComplianceRules) -> impl IntoView {
    let toasts = use_toasts();
    let errors = FormErrors::new(&[]);
    let version = RwSignal::new(found.version);
    let saved = RwSignal::new(found.saved_at.zip(found.saved_by.clone()));
    let rules = StoredValue::new(found.rules.iter().copied().map(Edited::of).collect::<Vec<_>>());
    let save = Action::new(move |(): &()| {
        errors.clear();
        let all = rules.with_value(|rules| rules.iter().map(|rule| rule.rule()).collect::<Vec<_>>());
        let read = version.get_untracked();
        async move {
            match save_rules(all, Some(read)).await {
                Ok(now) => {
                    version.set(now.version);
                    saved.set(now.saved_at.zip(now.saved_by));
                    toasts.success("The rules are saved. Reports follow them from now on.");
                }
                Err(error) => errors.set(error),
            }
        }
    });
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        save.dispatch(());
    };
    let admin = may_manage(Area::Settings);
    let rows = rules.with_value(|rules| {
        rules.iter().map(|rule| view! { <Row rule=*rule readonly=!admin /> }).collect_view()
    });
    let who = move || {
        saved.get().map(|(time, name)| {
            view! { <p class="text-sm text-muted">{format!("Last changed by {name} at ")} <When time /> "."</p> }
        })
    };
    view! {
        <form class="card bg-base-100" aria-label="Rules" on:submit=submit novalidate>
            <div class="card-body gap-3 p-4">
                <FormError text=errors.general() signed_out=errors.signed_out() />
                <table class="table table-sm table-stacked">
                    <caption class="sr-only">"Rules"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Check"</th>
                            <th scope="col">"On"</th>
                            <th scope="col">"Days"</th>
                            <th scope="col">"Counts in the score"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
                {who}
                {admin.then(|| view! { <div><SubmitButton label="Save rules" busy=save.pending() /></div> })}
                {(!admin).then(|| view! { <p class="text-sm text-muted">"Only those who may manage settings change the rules."</p> })}
            </div>
        </form>
    }
}

/// Leptos renders it once more than is shown, when its signals are gone already.
#[component]
fn Row(rule: Edited, readonly: bool) -> impl IntoView {
    let name = rule.check.name();
    let box_ = move |signal: RwSignal<bool>, label: String, text: &'static str| {
        view! {
            <label class="flex items-center gap-2">
                <input
                    type="checkbox"
                    class="checkbox checkbox-sm"
                    aria-label=label
                    disabled=readonly
                    checked=signal.try_get_untracked().unwrap_or_default()
                    prop:checked=move || signal.get()
                    on:change=move |ev| signal.set(event_target_checked(&ev))
                />
                <span class="text-sm md:sr-only" aria-hidden="true">{text}</span>
            </label>
        }
    };
    let days = rule.check.default_days().map(|_| {
        view! {
            <label class="flex items-center gap-2 text-sm">
                <input
                    type="number"
                    min="1"
                    max=MOST_DAYS.to_string()
                    class="input input-sm w-24"
                    aria-label=format!("Days: {name}")
                    readonly=readonly
                    value=rule.days.try_get_untracked().unwrap_or_default()
                    prop:value=move || rule.days.get()
                    on:input=move |ev| rule.days.set(event_target_value(&ev))
                />
                <span aria-hidden="true">"days"</span>
            </label>
        }
    });
    let unknown = rule.check.unknown().map(|when| format!(" Not known: {when}"));
    view! {
        <tr class="max-md:flex max-md:flex-wrap max-md:items-center max-md:gap-x-4 max-md:gap-y-1 max-md:py-2" data-check=rule.check.as_str()>
            <th scope="row" class="font-normal max-md:w-full max-md:p-0">
                <span class="font-medium">{name}</span>
                <span class="block text-xs text-muted">{rule.check.about()} {unknown}</span>
            </th>
            <td class="max-md:p-0">{box_(rule.on, format!("On: {name}"), "On")}</td>
            <td class="max-md:p-0 max-md:empty:hidden">{days}</td>
            <td class="max-md:p-0">{box_(rule.scored, format!("Counts: {name}"), "Counts")}</td>
        </tr>
    }
}
