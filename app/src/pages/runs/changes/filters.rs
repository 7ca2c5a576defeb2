use crate::{
    pages::runs::words::{plural, title},
    ui::{
        filter_tabs::{FilterTab, FilterTabs},
        list::ListState,
        number::things,
    },
};
use domain::run::{ChangeCount, ChangeKind};
use leptos::prelude::*;

/// Tabs per kind of change with its count (under the chosen entity), links per entity, and what else belongs there.
#[component]
pub fn ChangeFilters(list: ListState, counts: Vec<ChangeCount>, children: Children) -> impl IntoView {
    let entity = untrack(|| list.get("entity").get());
    let here = |c: &&ChangeCount| entity.as_ref().is_none_or(|e| *e == c.entity);
    let of = |change: Option<ChangeKind>| -> i64 {
        counts.iter().filter(here).filter(|c| change.is_none_or(|k| k == c.change)).map(|c| c.count).sum()
    };
    let kinds = ChangeKind::ALL.iter().map(|k| (k, of(Some(*k)))).filter(|(_, n)| *n > 0);
    let tabs = [FilterTab::new(None, "All", Some(of(None)))]
        .into_iter()
        .chain(kinds.map(|(k, n)| FilterTab::new(Some(k.as_str()), k.label(), Some(n))))
        .collect();
    view! {
        <div class="flex flex-wrap items-center justify-between gap-2">
            <FilterTabs list name="change" label="Filter by change" tabs />
            <div class="flex flex-wrap items-center gap-2">
                <Entities list counts />
                {children()}
            </div>
        </div>
    }
}

/// Links that show one entity only, when a run changed several.
#[component]
fn Entities(list: ListState, counts: Vec<ChangeCount>) -> impl IntoView {
    let mut entities: Vec<(String, i64)> = Vec::new();
    for c in counts {
        match entities.iter_mut().find(|(entity, _)| *entity == c.entity) {
            Some((_, n)) => *n += c.count,
            None => entities.push((c.entity, c.count)),
        }
    }
    let chosen = list.get("entity");
    let link = move |value: Option<String>, words: String| {
        let key = value.clone();
        let current = move || (chosen.get() == key).then_some("true");
        view! {
            <a
                class="btn btn-sm aria-[current=true]:bg-base-300 aria-[current=true]:font-bold"
                href=move || list.href("entity", value.as_deref())
                aria-current=current
                data-noscroll
            >
                {words}
            </a>
        }
    };
    (entities.len() > 1).then(|| {
        let links = entities
            .into_iter()
            .map(|(entity, n)| {
                let words = things(n, &title(&entity).to_lowercase(), &plural(&entity).to_lowercase());
                link(Some(entity), words)
            })
            .collect_view();
        view! {
            <div class="flex flex-wrap gap-1" role="group" aria-label="Filter by what was changed">
                {link(None, "Everything".to_owned())} {links}
            </div>
        }
    })
}
