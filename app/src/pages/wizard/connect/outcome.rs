use super::form_state::FormState;
use crate::ui::{icon::Icon, number::things, run_panel::ProblemBox, state::ErrorBox};
use domain::vendor::ConnectionTest;
use leptos::prelude::*;

/// What the last connection test found, and what comes next.
#[component]
pub fn Outcome(form: FormState) -> impl IntoView {
    let next = if form.integration.is_some() { "Save and continue" } else { "Next" };
    view! {
        <div role="status" aria-live="polite" class="empty:hidden" data-testid="connection-test">
            {move || {
                if form.is_testing() {
                    return view! { <p class="text-sm text-muted">"Asking for a token, then reading one organization…"</p> }.into_any();
                }
                if form.is_outdated() {
                    return view! { <p class="text-sm text-muted">"The values have changed since the test. Test the connection again."</p> }.into_any();
                }
                match form.outcome() {
                    Some(Ok(test)) => view! { <Tested test next /> }.into_any(),
                    Some(Err(error)) => view! { <ErrorBox error typed=true retry=Callback::new(move |()| form.start_test()) /> }.into_any(),
                    None => view! { <p class="text-sm text-muted">{format!("{next} opens after a successful test.")}</p> }.into_any(),
                }
            }}
        </div>
    }
}

#[component]
fn Tested(test: ConnectionTest, next: &'static str) -> impl IntoView {
    let notes = test.notes.into_iter().map(|note| view! { <li>{note}</li> }).collect_view();
    let verdict = match test.problem {
        Some(problem) if !test.ok => view! { <ProblemBox problem /> }.into_any(),
        _ => view! { <Success organizations=test.organizations_visible next /> }.into_any(),
    };
    view! {
        {verdict}
        <ul class="mt-2 list-disc pl-5 text-sm text-muted">{notes}</ul>
    }
}

#[component]
fn Success(organizations: Option<i64>, next: &'static str) -> impl IntoView {
    let seen = organizations.map(|n| match n {
        0 => "The account shows no organizations yet.".to_owned(),
        n => format!("{} visible.", things(n, "organization is", "organizations are")),
    });
    view! {
        <div class="alert alert-success alert-soft py-3 text-sm">
            <Icon name="check-circle" class="size-5 shrink-0" />
            <p><strong>"Connected. "</strong> {seen} {format!(" Go on with {next}.")}</p>
        </div>
    }
}
