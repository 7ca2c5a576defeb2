use super::overview::Overview;
use crate::{
    layout::{may_manage, may_open},
    pages::{
        integrations::waiting,
        reports::paths::company_path,
        runs::{look, question_path, run_path, undecided},
        wizard::step_path,
    },
    ui::{
        badge::{Badge, Tone},
        icon::Icon,
        number::things,
    },
};
use domain::{
    compliance::CompanyScore,
    integration::{Integration, IntegrationStatus},
    permissions::Area,
    run::{Run, RunState},
    wizard,
};
use leptos::prelude::*;

/// Something that waits for a person, and where to do it.
struct Item {
    tone: Tone,
    word: &'static str,
    text: String,
    href: String,
    action: &'static str,
}

/// What needs attention first, or that nothing does.
#[component]
pub fn Attention(overview: Overview) -> impl IntoView {
    let several = overview.integrations.len() > 1;
    let waiting = overview.integrations.iter().flat_map(|integration| items(integration, several));
    let items = waiting.chain(of_the_fleet(&overview)).collect::<Vec<_>>();
    let body = if items.is_empty() {
        view! {
            <p class="flex items-center gap-2 py-2 text-sm">
                <span class="text-success"><Icon name="check-circle" class="size-5" /></span>
                "Nothing waits for you."
            </p>
        }
        .into_any()
    } else {
        view! { <ul class="flex flex-col divide-y divide-base-300">{items.into_iter().map(|item| view! { <Row item /> }).collect_view()}</ul> }
            .into_any()
    };
    view! {
        <section class="card bg-base-100" aria-label="Needs attention">
            <div class="card-body gap-1 p-4">
                <h2 class="text-lg font-semibold">"Needs attention"</h2>
                {body}
            </div>
        </section>
    }
}

/// Whether something failed or did not end whole: that waits for nobody's first import.
pub fn is_urgent(overview: &Overview) -> bool {
    overview.integrations.iter().any(|integration| {
        has_problem(integration)
            || paused(integration).is_some()
            || unproven(integration).next().is_some()
            || !failed(integration).is_empty()
    })
}

#[component]
fn Row(item: Item) -> impl IntoView {
    view! {
        <li class="flex flex-wrap items-center gap-x-3 gap-y-1 py-2 text-sm">
            <Badge tone=item.tone label=item.word />
            <span class="min-w-0 flex-1 basis-52">{item.text}</span>
            {may_open(&item.href).then(|| view! { <a href=item.href class="btn btn-sm">{item.action}</a> })}
        </li>
    }
}

/// Companies that are named because their score fell.
const DROPS: usize = 3;

/// What the fleet shows: new organizations without a company, scores that fell, and devices that may be the same.
fn of_the_fleet(overview: &Overview) -> Vec<Item> {
    let pulse = &overview.pulse;
    let unmapped = match overview.integrations.as_slice() {
        [one] => {
            step_path(Some(one.id), wizard::Step::Organizations).map(|path| format!("{path}?status=unmapped"))
        }
        _ => None,
    };
    let new = pulse.new_organizations;
    let came = (new > 0).then(|| Item {
        tone: Tone::Info,
        word: "New",
        text: format!(
            "{} in the last seven days and {} not mapped to a company.",
            things(new, "organization came", "organizations came"),
            if new == 1 { "is" } else { "are" }
        ),
        action: if unmapped.is_some() { "Show them" } else { "Show integrations" },
        href: unmapped.unwrap_or_else(|| "/settings/integrations".to_owned()),
    });
    let fell = |drop: &CompanyScore| Item {
        tone: Tone::Warning,
        word: "Dropped",
        text: format!(
            "The compliance score of {} fell from {} to {} within a week.",
            drop.company.name,
            drop.before.unwrap_or_default().words(),
            drop.score.words()
        ),
        href: company_path(drop.company.id),
        action: "Show the report",
    };
    let others = (pulse.drops.len() > DROPS).then(|| Item {
        tone: Tone::Warning,
        word: "Dropped",
        text: "The compliance scores of other companies fell, too.".to_owned(),
        href: "/reports/companies".to_owned(),
        action: "Show companies",
    });
    let same = (pulse.duplicates > 0 && may_open("/duplicates")).then(|| Item {
        tone: Tone::Info,
        word: "Duplicates",
        text: format!("{} may be the same.", things(pulse.duplicates, "pair of devices", "pairs of devices")),
        href: "/duplicates".to_owned(),
        action: if may_manage(Area::Devices) { "Compare" } else { "Show them" },
    });
    let fallen = pulse.drops.iter().take(DROPS).map(fell).chain(others);
    came.into_iter().chain(fallen).chain(same).collect()
}

/// What waits at one integration. Its name is said when there are several.
fn items(integration: &Integration, several: bool) -> Vec<Item> {
    let at = if several { format!(" at {}", integration.name) } else { String::new() };
    let address = |step: wizard::Step, status: &str| {
        let path = step_path(Some(integration.id), step).unwrap_or_default();
        format!("{path}?status={status}")
    };
    // Who may only read is not told to do it.
    let doing = |action| if may_manage(Area::Mappings) { action } else { "Show them" };
    let counts = integration.counts;
    let unmapped = counts.organizations
        - counts.organizations_mapped
        - counts.organizations_pending
        - counts.organizations_ignored;
    let mut items = Vec::new();
    if has_problem(integration) {
        let said = integration.problem.as_ref().map(|problem| problem.message.clone());
        let text = said.unwrap_or_else(|| format!("{} has a problem.", integration.name));
        let (href, action) = ("/settings/integrations".to_owned(), "Show integration");
        items.push(Item { tone: Tone::Error, word: "Problem", text, href, action });
    }
    items.extend(integration.questions.iter().map(|question| Item {
        tone: Tone::Warning,
        word: undecided(),
        text: format!("Held back{at}: {}", question.sentence()),
        href: question_path(question),
        action: look(),
    }));
    items.extend(paused(integration).map(|run| Item {
        tone: Tone::Warning,
        word: "Paused",
        text: format!(
            "The {}{at} is paused. No other sync starts until it goes on or is cancelled.",
            run.kind.label().to_lowercase()
        ),
        href: run_path(run.integration_id, run.id),
        action: "Show the run",
    }));
    items.extend(unproven(integration).map(|run| Item {
        tone: Tone::Warning,
        word: "Incomplete",
        text: format!(
            "The last {}{at} did not read everything. Nothing was marked missing.",
            run.kind.label().to_lowercase()
        ),
        href: run_path(run.integration_id, run.id),
        action: "Show the run",
    }));
    items.extend(failed(integration).into_iter().map(|run| Item {
        tone: Tone::Error,
        word: "Failed",
        text: format!(
            "The last {}{at} failed. {}",
            run.kind.label().to_lowercase(),
            run.problem.as_ref().map(|problem| problem.message.as_str()).unwrap_or_default()
        ),
        href: run_path(run.integration_id, run.id),
        action: "Show the run",
    }));
    items.extend(waiting(integration.id, counts).into_iter().map(|(text, href, action)| Item {
        tone: Tone::Warning,
        word: "To do",
        text,
        href,
        action: doing(action),
    }));
    let mut todo = |n: i64, one: &str, many: &str, href: String, action: &'static str| {
        if n > 0 {
            items.push(Item {
                tone: Tone::Warning,
                word: "To do",
                text: format!("{}{at}.", things(n, one, many)),
                href,
                action: doing(action),
            });
        }
    };
    todo(
        counts.organizations_pending,
        "organization has a proposed company to confirm",
        "organizations have a proposed company to confirm",
        address(wizard::Step::Organizations, "pending"),
        "Review",
    );
    todo(
        unmapped,
        "organization is not mapped to a company",
        "organizations are not mapped to a company",
        address(wizard::Step::Organizations, "unmapped"),
        "Map",
    );
    todo(
        counts.locations_pending,
        "location has a proposed location to confirm",
        "locations have a proposed location to confirm",
        address(wizard::Step::Locations, "pending"),
        "Review",
    );
    todo(
        counts.devices_untyped,
        "device is of a class without a device type",
        "devices are of classes without a device type",
        format!(
            "{}#classes-title",
            step_path(Some(integration.id), wizard::Step::Devices).unwrap_or_default()
        ),
        "Choose",
    );
    todo(
        counts.devices_ready,
        "device is ready to import",
        "devices are ready to import",
        address(wizard::Step::Devices, "ready"),
        "Import",
    );
    items
}

/// The last run of each kind, each once: one may be of several kinds.
fn last_runs(integration: &Integration) -> Vec<&Run> {
    let Integration { last_organization_sync, last_device_sync, last_import, .. } = integration;
    let mut runs: Vec<&Run> = Vec::new();
    for run in [last_organization_sync, last_device_sync, last_import].into_iter().flatten() {
        if runs.iter().all(|known| known.id != run.id) {
            runs.push(run);
        }
    }
    runs
}

/// Those that failed, also where another kind has gone well since. What shuts the whole integration off is told once, by its status.
fn failed(integration: &Integration) -> Vec<&Run> {
    if integration.status == IntegrationStatus::Disconnected {
        return Vec::new();
    }
    last_runs(integration).into_iter().filter(|run| run.state == RunState::Failed).collect()
}

/// The run that somebody paused.
fn paused(integration: &Integration) -> Option<&Run> {
    integration.active_run.as_ref().filter(|run| run.state == RunState::Paused)
}

/// Those that did not prove to be complete.
fn unproven(integration: &Integration) -> impl Iterator<Item = &Run> {
    let asks = |run: &&Run| run.open_questions > 0;
    let unread = move |run: &&Run| run.state == RunState::Incomplete && !run.is_held_back() && !asks(run);
    last_runs(integration).into_iter().filter(unread)
}

/// Whether something is wrong that is not told below with the way to mend it.
fn has_problem(integration: &Integration) -> bool {
    match integration.status {
        IntegrationStatus::Disconnected => true,
        IntegrationStatus::Error => unproven(integration).next().is_none() && failed(integration).is_empty(),
        _ => false,
    }
}
