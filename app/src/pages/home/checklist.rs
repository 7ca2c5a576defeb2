use super::overview::Overview;
use crate::layout::may_manage;
use crate::{
    pages::wizard::step_path,
    ui::{icon::Icon, number::count},
};
use domain::permissions::Area;
use leptos::prelude::*;

/// A step of the set-up: whether it is done, what it is, how far it is, where to do it.
struct Step {
    done: bool,
    title: &'static str,
    text: String,
    href: String,
    action: &'static str,
    /// Cannot be done before an integration is connected.
    locked: bool,
}

/// The way from an empty portal to imported devices. The first step that is not done has the main button.
#[component]
pub fn Checklist(overview: Overview) -> impl IntoView {
    let steps = steps(&overview);
    let next = steps.iter().position(|step| !step.done);
    let item = |(at, step): (usize, Step)| view! { <StepItem step number=at + 1 is_next=next == Some(at) /> };
    view! {
        <section class="card bg-base-100" aria-label="Set-up">
            <div class="card-body p-4 sm:p-6">
                <h2 class="text-lg font-semibold">"Get your devices into MSPortal"</h2>
                <p class="text-sm text-muted">"Five steps, about ten minutes. You can stop at any time and go on later."</p>
                <ol class="mt-2 flex flex-col divide-y divide-base-300">{steps.into_iter().enumerate().map(item).collect_view()}</ol>
            </div>
        </section>
    }
}

#[component]
fn StepItem(step: Step, number: usize, is_next: bool) -> impl IntoView {
    let mark = if step.done {
        view! { <span class="text-success"><Icon name="check-circle" class="size-6" /></span> }.into_any()
    } else {
        view! {
            <span class="flex size-6 items-center justify-center rounded-full border border-control text-xs font-semibold" aria-hidden="true">
                {number}
            </span>
        }
        .into_any()
    };
    let class =
        if is_next { "btn btn-sm btn-primary max-sm:ml-9" } else { "btn btn-sm btn-ghost max-sm:ml-6" };
    let link = (!step.locked).then(|| view! { <a href=step.href class=class>{step.action}</a> });
    view! {
        <li class="flex flex-wrap items-center gap-3 py-3">
            {mark}
            <div class="min-w-0 flex-1 basis-52">
                <p class="font-medium">
                    {step.title}
                    <span class="sr-only">{if step.done { " (done)" } else { " (to do)" }}</span>
                </p>
                <p class="text-sm text-muted">{step.text}</p>
            </div>
            {link}
        </li>
    }
}

fn steps(overview: &Overview) -> [Step; 5] {
    use domain::wizard::Step as Page;
    let connected = overview.integrations.first();
    let address = |page| step_path(connected.map(|i| i.id), page).unwrap_or("/integrations/new".to_owned());
    let (organizations, mapped) =
        (overview.sum(|c| c.organizations), overview.sum(|c| c.organizations_mapped));
    let locked = connected.is_none();
    let after = |text: String| if locked { "After NinjaOne is connected.".to_owned() } else { text };
    let ready = overview.sum(|c| c.devices_ready);
    let (connects, import) =
        (may_manage(Area::Integrations), overview.companies == 0 && may_manage(Area::Companies));
    [
        Step {
            done: overview.companies > 0,
            title: "Add your companies",
            text: match overview.companies {
                0 => "Import them from a CSV file of your PSA, or enter them by hand.".to_owned(),
                n => format!("{} in the portal.", count(n)),
            },
            href: if import { "/companies/import" } else { "/companies" }.to_owned(),
            action: if import { "Import companies" } else { "Show companies" },
            locked: false,
        },
        Step {
            done: connected.is_some(),
            title: "Connect NinjaOne",
            text: match connected {
                Some(i) => format!("{} is connected.", i.name),
                None if connects => "Enter the API credentials and test them.".to_owned(),
                None => "Somebody who may manage integrations enters the API credentials.".to_owned(),
            },
            href: address(Page::Connect),
            action: if connected.is_some() { "Open" } else { "Connect" },
            locked: !connects,
        },
        Step {
            done: mapped > 0,
            title: "Map organizations to companies",
            text: after(format!("{} of {} mapped.", count(mapped), count(organizations))),
            href: address(Page::Organizations),
            action: "Map organizations",
            locked,
        },
        Step {
            done: overview.node_classes > 0 && overview.node_classes_mapped == overview.node_classes,
            title: "Map device types",
            text: after(format!(
                "{} of {} node classes mapped.",
                count(overview.node_classes_mapped),
                count(overview.node_classes)
            )),
            href: address(Page::Devices),
            action: "Map types",
            locked,
        },
        Step {
            done: overview.is_set_up(),
            title: "Import devices",
            text: after(format!("{} ready to import.", count(ready))),
            href: address(Page::Devices),
            action: "Import devices",
            locked,
        },
    ]
}
