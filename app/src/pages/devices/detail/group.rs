use crate::ui::time::When;
use domain::Time;
use leptos::prelude::*;

/// One fact of a device: its words, its value, and where it came from.
pub struct Fact {
    label: &'static str,
    value: AnyView,
    origin: Option<String>,
    /// Whether there is a value.
    known: bool,
}

impl Fact {
    /// A fact in words.
    pub fn text(label: &'static str, value: Option<String>, origin: &Option<String>) -> Self {
        let known = value.as_ref().is_some_and(|v| !v.is_empty());
        Self {
            label,
            value: view! { <span class="break-words">{value}</span> }.into_any(),
            origin: origin.clone(),
            known,
        }
    }

    /// A fact that is an address, number or key: shown in fixed width.
    pub fn code(label: &'static str, value: Option<String>, origin: &Option<String>) -> Self {
        let known = value.as_ref().is_some_and(|v| !v.is_empty());
        let value = view! { <span class="font-mono text-xs break-all">{value}</span> }.into_any();
        Self { label, value, origin: origin.clone(), known }
    }

    /// A moment.
    pub fn time(label: &'static str, value: Option<Time>, origin: &Option<String>) -> Self {
        let value_view = value.map(|time| view! { <When time /> }).into_any();
        Self { label, value: value_view, origin: origin.clone(), known: value.is_some() }
    }

    /// Any view.
    pub fn view(label: &'static str, value: impl IntoView + 'static, origin: &Option<String>) -> Self {
        Self { label, value: value.into_any(), origin: origin.clone(), known: true }
    }
}

/// A titled group of facts. What is not known is named at the end, so that the reader knows that it was looked for.
#[component]
pub fn Group(title: &'static str, facts: Vec<Fact>) -> impl IntoView {
    let (known, unknown): (Vec<_>, Vec<_>) = facts.into_iter().partition(|f| f.known);
    let unknown = unknown.iter().map(|f| lowered(f.label)).collect::<Vec<_>>().join(", ");
    let fact = |f: Fact| {
        view! {
            <div class="grid grid-cols-[6.75rem_minmax(0,1fr)] gap-x-3 py-1.5 text-sm sm:grid-cols-[8.5rem_minmax(0,1fr)]">
                <dt class="text-muted">{f.label}</dt>
                <dd class="[&_time]:whitespace-normal">
                    {f.value}
                    {f.origin.map(|o| view! { <span class="block text-xs text-muted">{o}</span> })}
                </dd>
            </div>
        }
    };
    view! {
        <section class="card bg-base-100">
            <div class="card-body gap-1 p-4">
                <h2 class="text-base font-semibold">{title}</h2>
                <dl class="divide-y divide-base-300">{known.into_iter().map(fact).collect_view()}</dl>
                {(!unknown.is_empty())
                    .then(|| view! { <p class="pt-1 text-xs text-muted">{format!("Not known: {unknown}.")}</p> })}
            </div>
        </section>
    }
}

/// "Owner's e-mail" as "owner's e-mail"; "IP addresses" and "NetBIOS name" stay.
fn lowered(label: &str) -> String {
    let mut letters = label.chars();
    let first = letters.next();
    let is_name = letters.clone().take_while(|c| !c.is_whitespace()).any(char::is_uppercase);
    match first {
        Some(first) if !is_name => first.to_lowercase().chain(letters).collect(),
        _ => label.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::lowered;

    #[test]
    fn names_keep_their_capitals() {
        let all = ["Owner's e-mail", "IP addresses", "NetBIOS name", "NinjaOne location", ""];
        let shown = ["owner's e-mail", "IP addresses", "NetBIOS name", "NinjaOne location", ""];
        assert_eq!(all.map(lowered), shown);
    }
}
