use crate::layout::may_manage;
use domain::permissions::Area;
use leptos::prelude::*;

/// The second best of a proposal: its name and how sure it is.
#[derive(Clone)]
pub struct Second {
    pub text: String,
    pub confidence: f64,
    /// Takes it instead.
    pub on_take: Callback<()>,
}

/// What Quick Match proposes for a row: the name, how sure it is, why, and what would be second. Out: `on_accept`.
#[component]
pub fn Proposal(
    text: String,
    confidence: f64,
    reasons: Vec<String>,
    second: Option<Second>,
    on_accept: Callback<()>,
) -> impl IntoView {
    let label = format!("Accept {text}");
    let more = !reasons.is_empty() || second.is_some();
    view! {
        <div class="mt-1.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-xs" data-testid="proposal">
            <span>
                "Proposed: " <strong class="font-semibold">{text}</strong>
                <span class="text-muted">{format!(", {} sure", percent(confidence))}</span>
            </span>
            {may_manage(Area::Mappings).then(|| view! {
                <button type="button" class="btn btn-xs btn-primary btn-soft" aria-label=label on:click=move |_| _ = on_accept.try_run(())>
                    "Accept"
                </button>
            })}
            {more.then(|| view! {
                <details class="open:basis-full">
                    <summary class="link w-fit cursor-pointer text-muted">"Why?"</summary>
                    <ul class="mt-1 ml-4 list-disc text-muted">
                        {reasons.into_iter().map(|reason| view! { <li>{reason}</li> }).collect_view()}
                        {second.map(|second| view! { <RunnerUp second /> })}
                    </ul>
                </details>
            })}
        </div>
    }
}

#[component]
fn RunnerUp(second: Second) -> impl IntoView {
    let Second { text, confidence, on_take } = second;
    let label = format!("Take {text} instead");
    view! {
        <li>
            {format!("Second best: {text}, {} sure ", percent(confidence))}
            {may_manage(Area::Mappings).then(|| view! {
                <button type="button" class="link text-base-content" aria-label=label on:click=move |_| _ = on_take.try_run(())>
                    "Take it instead"
                </button>
            })}
        </li>
    }
}

/// A confidence in words; nothing that is not certain is called 100 %.
pub fn percent(confidence: f64) -> String {
    let percent = confidence.clamp(0.0, 1.0) * 100.0;
    match percent {
        p if p >= 99.95 => "100 %".to_owned(),
        p if p > 99.05 => format!("{:.1} %", (p * 10.0).floor() / 10.0),
        p => format!("{p:.0} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn nearly_certain_is_not_certain() {
        let shown = [1.0, 0.9990, 0.9949, 0.99, 0.983, 0.5, 0.004].map(percent);
        assert_eq!(shown, ["100 %", "99.9 %", "99.4 %", "99 %", "98 %", "50 %", "0 %"]);
    }
}
