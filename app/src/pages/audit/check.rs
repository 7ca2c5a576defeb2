use super::api::verify_audit;
use crate::ui::{
    button::ActionButton,
    icon::Icon,
    number::{count, things},
    time::absolute,
};
use domain::audit::AuditCheck;
use leptos::prelude::*;

/// Walks the chain when asked to, and says whether it is whole.
#[component]
pub fn ChainCheck() -> impl IntoView {
    let check = Action::new(|(): &()| verify_audit());
    let said = move || {
        check.value().get().map(|answer| match answer {
            Ok(found) if found.intact => {
                view! { <p class="flex gap-2 text-sm wrap-anywhere"><Icon name="check-circle" class="size-5 shrink-0 text-success" /> {whole(&found)}</p> }
                    .into_any()
            }
            Ok(found) => {
                view! { <p class="flex gap-2 text-sm font-semibold wrap-anywhere"><Icon name="alert" class="size-5 shrink-0 text-error" /> {broken(&found)}</p> }
                    .into_any()
            }
            Err(error) => view! { <p class="text-sm">{error.message().to_owned()}</p> }.into_any(),
        })
    };
    view! {
        <div class="mb-3 flex flex-wrap items-center gap-3">
            <ActionButton label="Check the chain" busy=check.pending() on_press=Callback::new(move |()| _ = check.dispatch(())) />
            <div role="status" class="min-w-0 grow" data-testid="chain">{said}</div>
        </div>
    }
}

fn whole(found: &AuditCheck) -> String {
    let (Some(from), Some(to)) = (found.from, found.to) else {
        return "The chain is whole: there are no events.".to_owned();
    };
    let events = things(found.events, "event", "events");
    let (from, to) = (absolute(from), absolute(to));
    format!("The chain is whole: {events} from {from} to {to}. The last has the hash {}.", found.last_hash)
}

fn broken(found: &AuditCheck) -> String {
    let (wrong, problem) = (found.wrong.unwrap_or_default(), found.problem.as_deref().unwrap_or_default());
    format!("The chain is broken: event {} does not fit. {problem}", count(wrong))
}
