use crate::ui::{
    known::Known,
    list::ListState,
    table::{FilterSelect, SearchBox},
};
use domain::{
    compliance::{Age, Check, FleetPart, Outcome, ReportFilter, ReportSummary},
    ids::{CompanyId, DeviceTypeId},
};
use leptos::prelude::*;

/// Keys of the filters in the address of the page, and in that of the file.
pub const FILTERS: [(&str, &str); 7] = [
    ("check", "check"),
    ("outcome", "outcome"),
    ("company", "company"),
    ("type", "device_type"),
    ("os", "os"),
    ("age", "age"),
    ("online", "online"),
];

/// Those whose values are known: an operating system is whatever devices tell.
pub const KNOWN: &[Known] = &[
    Known::of::<Check>("check", "a check"),
    Known::of::<Outcome>("outcome", "an outcome"),
    Known::of::<CompanyId>("company", "a company"),
    Known::of::<DeviceTypeId>("type", "a device type"),
    Known::of::<Age>("age", "an age"),
    Known::of::<bool>("online", "a choice"),
];

/// The filters, read from the address. A value that cannot be is none, and no list is shown then ([`KNOWN`]).
#[derive(Clone, Copy)]
pub struct Wanted(Memo<ReportFilter>);

impl Wanted {
    /// Those of the present page.
    pub fn of(list: ListState) -> Self {
        let [check, outcome, company, kind, os, age, online] = FILTERS.map(|(key, _)| list.get(key));
        Self(Memo::new(move |_| ReportFilter {
            check: check.get().and_then(|v| v.parse().ok()),
            outcome: outcome.get().and_then(|v| v.parse().ok()),
            company: company.get().and_then(|v| v.parse().ok()),
            device_type: kind.get().and_then(|v| v.parse().ok()),
            os: os.get(),
            age: age.get().and_then(|v| v.parse().ok()),
            online: online.get().and_then(|v| v.parse().ok()),
        }))
    }

    /// What is wanted now.
    pub fn get(self) -> ReportFilter {
        self.0.get()
    }

    /// What the list is called.
    pub fn title(self) -> String {
        let ReportFilter { check, outcome, .. } = self.get();
        match (check, outcome) {
            (None, _) => "Devices in the reports".to_owned(),
            (Some(check), None | Some(Outcome::Failing)) => check.name().to_owned(),
            (Some(check), Some(outcome)) => {
                format!("{}: {}", check.name(), outcome.label().to_lowercase())
            }
        }
    }

    /// What the devices have in common, besides check and outcome.
    pub fn told(self, summary: &ReportSummary) -> Vec<String> {
        let ReportFilter { company, device_type, os, age, online, .. } = untrack(|| self.get());
        let name = |parts: &[FleetPart], key: String| {
            parts.iter().find(|part| part.key == key).map_or(key, |part| part.name.clone())
        };
        let company = company.and(summary.company.as_ref()).map(|company| format!("at {}", company.name));
        let of = |what: &str, name: String| format!("{what} {name}");
        [
            company,
            device_type.map(|id| of("device type", name(&summary.types, id.to_string()))),
            os.map(|key| of("operating system", name(&summary.systems, key))),
            age.map(|age| of("age", age.label().to_owned())),
            online.map(|online| if online { "online" } else { "not online" }.to_owned()),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// What its check looks at.
    pub fn about(self) -> &'static str {
        match self.get().check {
            Some(check) => check.about(),
            None => "All devices that are neither archived nor merged, with the checks that they fail.",
        }
    }
}

/// Search, check and outcome; the other filters come with the links that lead here.
#[component]
pub fn Filters(list: ListState, wanted: Wanted) -> impl IntoView {
    let checks =
        Check::ALL.iter().map(|check| (check.to_string(), check.name().to_owned())).collect::<Vec<_>>();
    // With a check, nothing chosen means failing; without one, it means that it does not matter.
    let outcomes = move || {
        let checked = wanted.get().check.is_some();
        let shown = Outcome::ALL.iter().filter(|o| !(checked && **o == Outcome::Failing));
        let options = shown.map(|o| (o.to_string(), o.label().to_owned())).collect::<Vec<_>>();
        let all = if checked { "Failing" } else { "Any outcome" };
        view! { <FilterSelect list key="outcome" label="Filter by outcome" all options /> }
    };
    let narrowed = move || {
        let ReportFilter { company, device_type, os, age, online, .. } = wanted.get();
        company.is_some() || device_type.is_some() || os.is_some() || age.is_some() || online.is_some()
    };
    view! {
        <div class="flex flex-wrap items-center gap-2">
            <SearchBox list label="Search devices" />
            <FilterSelect list key="check" label="Filter by check" all="All devices" options=checks />
            {outcomes}
            {move || narrowed().then(|| view! {
                <a class="btn btn-ghost btn-sm" href=move || crate::pages::reports::paths::devices_path(&[
                    ("check", wanted.get().check.map_or("", Check::as_str)),
                    ("outcome", wanted.get().outcome.map_or("", Outcome::as_str)),
                ])>"Show the whole fleet"</a>
            })}
        </div>
    }
}
