use crate::ui::{icon::Icon, list::ListState, number::count};
use leptos::prelude::*;

/// "51 to 100 of 1,234", and links to the previous and next pages; behind the last page, the way back to it. Works without
/// JavaScript.
#[component]
pub fn Pager(list: ListState, #[prop(into)] total: i64, page_size: u32, page: u32) -> impl IntoView {
    let size = i64::from(page_size.max(1));
    let pages = ((total + size - 1) / size).max(1);
    let page = i64::from(page);
    let first = (page - 1) * size + 1;
    let range = match total {
        0 => "Nothing found".to_owned(),
        _ if first > total => {
            format!("There is no page {}; the list ends with page {}.", count(page), count(pages))
        }
        _ => format!("{} to {} of {}", count(first), count((page * size).min(total)), count(total)),
    };
    let several = pages > 1 && page <= pages;
    let back = (page > pages).then(|| view! { <LastPage list pages /> });
    view! {
        <div class="flex flex-wrap items-center justify-between gap-2 py-2 text-sm">
            <p class="text-muted tabular-nums" role="status">{range}</p>
            {several.then(|| view! { <PageLinks list page pages /> })}
            {back}
        </div>
    }
}

/// The way to the last page from one that is not there.
#[component]
fn LastPage(list: ListState, pages: i64) -> impl IntoView {
    let href = move || list.href("page", Some(&pages.to_string()));
    let stay = list.is_one_of_several().then_some("");
    view! { <a class="btn btn-sm" href=href data-noscroll=stay>{format!("Show page {}", count(pages))}</a> }
}

/// First, previous, next and last page as links.
#[component]
fn PageLinks(list: ListState, page: i64, pages: i64) -> impl IntoView {
    let back = (page > 1).then_some(page - 1);
    let on = (page < pages).then_some(page + 1);
    view! {
        <nav class="join" aria-label=list.called("Pages")>
            <PageLink list target=(page > 1).then_some(1) label="Page 1" text="1" icon="" edge=true />
            <PageLink list target=back label="Previous page" text="Previous" icon="chevron-left" />
            <span class="btn btn-sm join-item pointer-events-none tabular-nums" aria-current="page">
                {format!("Page {} of {}", count(page), count(pages))}
            </span>
            <PageLink list target=on label="Next page" text="Next" icon="chevron-right" />
            <PageLink list target=(page < pages).then_some(pages) label=format!("Page {}", count(pages)) text=count(pages) icon="" edge=true />
        </nav>
    }
}

/// One link; without a `target` it is shown as not available.
#[component]
fn PageLink(
    list: ListState,
    target: Option<i64>,
    #[prop(into)] label: String,
    #[prop(into)] text: String,
    icon: &'static str,
    #[prop(optional)] edge: bool,
) -> impl IntoView {
    let class = if edge { "btn btn-sm join-item max-sm:hidden" } else { "btn btn-sm join-item" };
    let inner = view! {
        {(icon == "chevron-left").then(|| view! { <Icon name="chevron-left" /> })}
        <span class=if icon.is_empty() { "" } else { "max-sm:sr-only" }>{text}</span>
        {(icon == "chevron-right").then(|| view! { <Icon name="chevron-right" /> })}
    };
    match target {
        Some(target) => {
            let href = move || list.href("page", Some(&target.to_string()));
            // A list of several on a page stays where the reader is.
            let stay = list.is_one_of_several().then_some("");
            view! { <a class=class href=href aria-label=label data-noscroll=stay>{inner}</a> }.into_any()
        }
        None => view! { <span class=format!("{class} btn-disabled") aria-disabled="true" aria-label=label role="link">{inner}</span> }
            .into_any(),
    }
}
