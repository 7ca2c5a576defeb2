use crate::ui::{icon::Icon, time::When};
use domain::run::SourceState;
use leptos::prelude::*;

/// Sources that could not be read lately: what is held of them is of an earlier date.
#[component]
pub fn Stale(sources: Vec<SourceState>) -> impl IntoView {
    let stale = sources.into_iter().filter(SourceState::is_stale).collect::<Vec<_>>();
    (!stale.is_empty()).then(|| {
        let rows = stale.into_iter().map(|source| view! { <li><Source source /></li> }).collect_view();
        view! {
            <div class="flex items-start gap-3 text-sm" data-testid="stale">
                <Icon name="clock" class="mt-0.5 size-5 shrink-0" />
                <div class="min-w-0">
                    <p class="font-medium">"Not up to date"</p>
                    <ul class="list-disc pl-4">{rows}</ul>
                </div>
            </div>
        }
    })
}

/// "Backup usage as of 2026-05-01 03:15 UTC: NinjaOne answered with status 500."
#[component]
pub fn Source(source: SourceState) -> impl IntoView {
    let name = capital(&source.source);
    let since = match source.read_at {
        Some(time) => view! { " as of " <When time /> }.into_any(),
        None => " was never read".into_any(),
    };
    let problem = source.problem.map(|problem| format!(": {}", problem.trim_end_matches('.')));
    view! { {name} {since} {problem} "." }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
