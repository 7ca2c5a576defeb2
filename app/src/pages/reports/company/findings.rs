use crate::layout::Way;
use crate::{
    layout::may_manage,
    pages::reports::{
        exception::{ExceptionState, Wanted},
        paths::check_path,
    },
    ui::number::{count, things},
};
use domain::{
    company::CompanyRef,
    compliance::{DeviceFinding, Findings, Outcome},
    device_edit::DeviceField,
    permissions::Area,
};
use leptos::prelude::*;

/// The devices of a company that fail one check.
#[component]
pub fn FindingsOf(findings: Findings, company: CompanyRef, exception: ExceptionState) -> impl IntoView {
    let label = findings.check.label(findings.days);
    let title = format!("{label}: {}", things(findings.total, "device", "devices"));
    let shown = i64::try_from(findings.devices.len()).unwrap_or(i64::MAX);
    let href = check_path(findings.check, Outcome::Failing, Some(company.id));
    let more = (findings.total > shown).then(|| {
        view! {
            <p class="text-sm">
                {format!("The first {} are named. ", count(shown))}
                <a class="link" href=href>"Show all of them"</a>
            </p>
        }
    });
    let wanted = Wanted {
        check: findings.check,
        device: None,
        company: Some(company.id),
        name: company.name,
        present: None,
    };
    let except = may_manage(Area::Reports).then(|| {
        view! {
            <button type="button" class="btn btn-ghost btn-xs" aria-label=format!("Except all: {label}") on:click=move |_| exception.show(wanted.clone())>
                "Except all of them"
            </button>
        }
    });
    let row = |device: DeviceFinding| {
        view! {
            <tr>
                <th scope="row" class="font-medium">
                    <Way class="link link-hover wrap-anywhere" href=format!("/devices/{}", device.id)>{device.name}</Way>
                </th>
                <td class="max-sm:hidden">{device.device_type.name}</td>
                <td>{device.found}</td>
            </tr>
        }
    };
    let named = label.clone();
    let rows = findings.devices.into_iter().map(row).collect_view();
    view! {
        <section class="card bg-base-100" aria-label=named data-check=findings.check.as_str()>
            <div class="card-body gap-2 p-4">
                <div class="flex flex-wrap items-center justify-between gap-2">
                    <h2 class="text-base font-semibold">{title}</h2>
                    {except}
                </div>
                <table class="table table-sm">
                    <caption class="sr-only">{label.clone()}</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Device"</th>
                            <th scope="col" class="max-sm:hidden">{DeviceField::DeviceType.label()}</th>
                            <th scope="col">"Found"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
                {more}
            </div>
        </section>
    }
}
