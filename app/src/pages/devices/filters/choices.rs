//! The filters that are chosen from a list.

use super::super::{
    Sources,
    words::{archived_words, backup_words, family_words, status_words, support_words, warranty_words},
};
use crate::{
    error::AppError,
    pages::{companies::api::list_locations, device_types::api::list_device_types},
    ui::{list::ListState, table::FilterSelect},
};
use domain::{
    device::{BackupState, DeviceStatus},
    device_list::{ArchivedFilter, SupportFilter, WarrantyFilter},
    os::OsFamily,
    page::{Listing, MAX_PAGE_SIZE},
};
use leptos::prelude::*;

/// Value and words.
type Choices = Vec<(String, String)>;

/// How wide a select is.
const WIDTH: &str = "w-[calc(50%-0.25rem)] sm:w-40";

pub fn statuses() -> Choices {
    DeviceStatus::ALL.iter().map(|s| (s.to_string(), status_words(*s).1.to_owned())).collect()
}

pub fn families() -> Choices {
    OsFamily::ALL.iter().map(|f| (f.to_string(), family_words(*f).to_owned())).collect()
}

pub fn supports() -> Choices {
    SupportFilter::ALL.iter().map(|s| (s.to_string(), support_words(*s))).collect()
}

pub fn backups() -> Choices {
    BackupState::ALL.iter().map(|b| (b.to_string(), backup_words(*b).1.to_owned())).collect()
}

pub fn warranties() -> Choices {
    WarrantyFilter::ALL.iter().map(|w| (w.to_string(), warranty_words(*w))).collect()
}

pub fn archives() -> Choices {
    ArchivedFilter::ALL.iter().map(|a| (a.to_string(), archived_words(*a).to_owned())).collect()
}

pub fn serials() -> Choices {
    vec![("none".to_owned(), "No serial number".to_owned())]
}

pub fn contacts() -> Choices {
    let days = [1, 7, 14, 30, 60, 90, 180, 365];
    let words = |n: u32| format!("Over {n} day{} ago", if n == 1 { "" } else { "s" });
    let older = days.into_iter().map(|n| (n.to_string(), words(n)));
    older.chain([("never".to_owned(), "Never".to_owned())]).collect()
}

/// A filter with fixed choices.
#[component]
pub fn Choice(
    list: ListState,
    key: &'static str,
    all: &'static str,
    label: &'static str,
    options: Choices,
) -> impl IntoView {
    view! { <FilterSelect list key label all options class=WIDTH /> }
}

/// Every page of what can be chosen, as far as pages can be read.
async fn all<T, F>(page: impl Fn(u32) -> F, choice: impl Fn(T) -> (String, String)) -> Choices
where
    F: Future<Output = Result<Listing<T>, AppError>>,
{
    let mut choices = Choices::new();
    for number in 1.. {
        let Ok(found) = page(number).await else { break };
        let last = number >= found.pages();
        choices.extend(found.items.into_iter().map(&choice));
        if last {
            break;
        }
    }
    choices
}

/// By device type.
#[component]
pub fn TypeFilter(list: ListState) -> impl IntoView {
    let types = Resource::new(
        || (),
        |()| async {
            let page = |page| list_device_types(Some(page), Some(MAX_PAGE_SIZE), None, None, None);
            all(page, |kind| (kind.id.to_string(), kind.name)).await
        },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                view! { <Choice list key="type" all="All types" label="Filter by type" options=types.await /> }
            })}
        </Transition>
    }
}

/// By location, once a company is chosen.
#[component]
pub fn LocationFilter(list: ListState) -> impl IntoView {
    let company = list.get("company");
    let locations = Resource::new(
        move || company.get(),
        |id| async move {
            let id = id?.parse().ok()?;
            let page = |page| list_locations(Some(page), Some(MAX_PAGE_SIZE), None, None, Some(id), None);
            let mut named = all(page, |location| (location.id.to_string(), location.name)).await;
            named.push((
                domain::device_list::LocationFilter::None.to_string(),
                "Without a location".to_owned(),
            ));
            Some(named)
        },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let options = locations.await.filter(|all| all.len() > 1)?;
                Some(view! { <Choice list key="location" all="All locations" label="Filter by location" options /> })
            })}
        </Transition>
    }
}

/// By the integration that feeds them.
#[component]
pub fn SourceFilter(list: ListState, sources: Sources) -> impl IntoView {
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let named = sources.await.into_iter().map(|i| (i.id.to_string(), i.name));
                let options = named.chain([("manual".to_owned(), "No integration".to_owned())]).collect();
                view! { <Choice list key="source" all="All sources" label="Filter by source" options /> }
            })}
        </Transition>
    }
}
