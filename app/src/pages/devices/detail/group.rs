use super::acts::Acts;
use crate::{
    layout::may_manage,
    ui::time::{Day, When},
};
use domain::{
    Time,
    device::DeviceDetail,
    device_edit::{DeviceField, OwnedField},
    permissions::Area,
};
use leptos::prelude::*;

/// One fact of a device: its words, its value, and where it came from.
pub struct Fact {
    label: &'static str,
    value: AnyView,
    origin: Option<String>,
    /// Whether there is a value.
    known: bool,
    /// The field that a person can set.
    field: Option<DeviceField>,
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
            field: None,
        }
    }

    /// A fact that is an address, number or key: shown in fixed width.
    pub fn code(label: &'static str, value: Option<String>, origin: &Option<String>) -> Self {
        let known = value.as_ref().is_some_and(|v| !v.is_empty());
        let value = view! { <span class="font-mono text-xs break-all">{value}</span> }.into_any();
        Self { label, value, origin: origin.clone(), known, field: None }
    }

    /// Text of several lines.
    pub fn notes(text: String) -> Self {
        let value = view! { <span class="break-words whitespace-pre-line">{text}</span> }.into_any();
        Self { label: "Notes", value, origin: None, known: true, field: None }
    }

    /// A moment.
    pub fn time(label: &'static str, value: Option<Time>, origin: &Option<String>) -> Self {
        let value_view = value.map(|time| view! { <When time /> }).into_any();
        Self { label, value: value_view, origin: origin.clone(), known: value.is_some(), field: None }
    }

    /// A plain day.
    pub fn day(label: &'static str, value: Option<Time>, origin: &Option<String>) -> Self {
        let value_view = value.map(|time| view! { <Day time /> }).into_any();
        Self { label, value: value_view, origin: origin.clone(), known: value.is_some(), field: None }
    }

    /// Any view.
    pub fn view(label: &'static str, value: impl IntoView + 'static, origin: &Option<String>) -> Self {
        Self { label, value: value.into_any(), origin: origin.clone(), known: true, field: None }
    }

    /// Says which field of the device it is: one that a person has set is shown as such, also when it is empty.
    pub fn of(self, field: DeviceField) -> Self {
        Self { field: Some(field), ..self }
    }
}

/// A titled group of facts. What is not known is named at the end, so that the reader knows that it was looked for.
#[component]
pub fn Group(
    title: &'static str,
    facts: Vec<Fact>,
    owners: Owners,
    /// What stands below the facts.
    extra: Option<AnyView>,
) -> impl IntoView {
    let (known, unknown): (Vec<_>, Vec<_>) =
        facts.into_iter().partition(|f| f.known || owners.owned(f.field).is_some());
    let unknown = unknown.iter().map(|f| lowered(f.label)).collect::<Vec<_>>().join(", ");
    let fact = |f: Fact| {
        let owned = owners.owned(f.field);
        let origin = f.origin.filter(|_| owned.is_none());
        view! {
            <div class="grid grid-cols-[6.75rem_minmax(0,1fr)] gap-x-3 py-1.5 text-sm sm:grid-cols-[8.5rem_minmax(0,1fr)]">
                <dt class="text-muted">{f.label}</dt>
                <dd class="[&_time]:whitespace-normal">
                    {f.value}
                    {owned.map(|owned| view! { <Owner owned owners=owners.clone() /> })}
                    {origin.map(|o| view! { <span class="block text-xs text-muted">{o}</span> })}
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
                {extra}
            </div>
        </section>
    }
}

/// The fields of the device that people have set, and how they are given back.
#[derive(Clone)]
pub struct Owners {
    pub device: StoredValue<DeviceDetail>,
    pub acts: Acts,
}

impl Owners {
    fn owned(&self, field: Option<DeviceField>) -> Option<OwnedField> {
        let field = field?;
        self.device.with_value(|d| d.owned.iter().find(|o| o.field == field).cloned())
    }
}

/// Who has set a field, what NinjaOne says, and the button that gives it back.
#[component]
fn Owner(owned: OwnedField, owners: Owners) -> impl IntoView {
    let Owners { device, acts } = owners;
    let field = owned.field;
    let (is_fed, is_here) = device.with_value(|d| (d.source.is_some(), d.merged_into.is_none()));
    let who = owned.by.unwrap_or_else(|| "a person".to_owned());
    let told = is_fed.then(|| match owned.remote {
        Some(text) => format!("NinjaOne says “{text}”."),
        None => "NinjaOne says nothing.".to_owned(),
    });
    let on_press = Callback::new(move |()| device.with_value(|d| acts.release(d, vec![field])));
    let label = format!("Release {}", lowered(field.label()));
    view! {
        <span class="block text-xs wrap-anywhere text-muted" data-owned=field.as_str()>
            {format!("Set by {who}")}
            {owned.at.map(|time| view! { ", "<When time /> })}
            ". "
            {told}
            " "
            {(is_fed && is_here && may_manage(Area::Devices))
                .then(|| {
                    view! {
                        <button type="button" class="link" aria-label=label on:click=move |_| on_press.run(())>"Release"</button>
                    }
                })}
        </span>
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
