use crate::ui::number::count;
use leptos::prelude::*;

/// One bar: its name, how long it is, where it leads, and a remark.
pub struct Bar {
    pub name: String,
    pub value: i64,
    pub href: Option<String>,
    pub note: Option<String>,
    /// Whether it stands for something that is not as it should be.
    pub alarming: bool,
}

/// Horizontal bars as a table: the names and numbers are its text, the bars only show them.
#[component]
pub fn Bars(
    /// What the bars are about.
    caption: &'static str,
    /// What the names are, and what is counted.
    head: (&'static str, &'static str),
    bars: Vec<Bar>,
    /// How much the whole length stands for; the largest of them when left out.
    #[prop(optional)]
    most: i64,
) -> impl IntoView {
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or_default().max(most).max(1);
    let rows = bars.into_iter().map(|bar| view! { <Row bar most /> }).collect_view();
    view! {
        <table class="w-full text-sm">
            <caption class="sr-only">{caption}</caption>
            <thead class="sr-only">
                <tr>
                    <th scope="col">{head.0}</th>
                    <th scope="col">{head.1}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

#[component]
fn Row(bar: Bar, most: i64) -> impl IntoView {
    let length = (bar.value * 1000 / most).max(i64::from(bar.value > 0) * 8).to_string();
    let fill = if bar.alarming { "fill-error" } else { "fill-chart-1" };
    let name = match bar.href {
        Some(href) => view! { <a class="link link-hover wrap-anywhere" href=href>{bar.name}</a> }.into_any(),
        None => view! { <span class="wrap-anywhere">{bar.name}</span> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row" class="py-1 pr-3 text-left font-normal">
                {name}
                {bar.note.map(|note| view! { <span class="block text-xs text-muted">{note}</span> })}
                <svg viewBox="0 0 1000 8" preserveAspectRatio="none" class="mt-1 block h-1.5 w-full" aria-hidden="true">
                    <rect width="1000" height="8" class="fill-base-300" />
                    <rect width=length height="8" class=fill />
                </svg>
            </th>
            <td class="w-16 py-1 text-right align-top tabular-nums">{count(bar.value)}</td>
        </tr>
    }
}
