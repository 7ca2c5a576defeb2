use super::choice::Choice;
use domain::{
    duplicates::{ComparedField, DuplicatePair},
    ids::DeviceId,
};
use leptos::prelude::*;

/// One field of both devices; where they differ, a value can be chosen.
#[component]
pub fn FieldTr(field: ComparedField, pair: DuplicatePair, choice: Choice, open: bool) -> impl IntoView {
    let differs = field.differs();
    let sides = [
        (pair.left.id, pair.left.name, field.left.clone(), field.left_owned),
        (pair.right.id, pair.right.name, field.right.clone(), field.right_owned),
    ];
    let field = StoredValue::new(field);
    let label = field.with_value(|f| f.label.clone());
    let cells = sides.map(|(id, name, value, owned)| {
        let picks = open && differs && field.with_value(|f| f.field.is_some());
        view! { <Side id name value owned picks field choice /> }
    });
    let (class, mark) = match (differs, field.with_value(|f| f.left.is_some() && f.right.is_some())) {
        (true, true) => ("bg-warning/10", Some("differs")),
        (true, false) => ("", Some("only one has it")),
        (false, _) => ("", None),
    };
    view! {
        <tr class=class data-field=field.with_value(|f| f.key.clone()) data-differs=differs.to_string()>
            <th scope="row" class="align-top font-normal whitespace-normal text-muted max-sm:col-span-2 max-sm:flex max-sm:gap-2 max-sm:px-3 max-sm:pb-0">
                {label}
                {mark.map(|mark| view! { <span class="block text-xs text-base-content">{mark}</span> })}
            </th>
            {cells.collect_view()}
        </tr>
    }
}

#[component]
fn Side(
    id: DeviceId,
    name: String,
    value: Option<String>,
    owned: bool,
    picks: bool,
    field: StoredValue<ComparedField>,
    choice: Choice,
) -> impl IntoView {
    let shown = match value.clone() {
        Some(text) => view! { <span class="wrap-anywhere whitespace-pre-line">{text}</span> }.into_any(),
        None => view! { <span class="text-muted">"none"</span> }.into_any(),
    };
    let owned = owned.then(|| view! { <span class="block text-xs text-muted">"set by a person"</span> });
    if !picks {
        return view! { <td class="align-top max-sm:px-3">{shown} {owned}</td> }.into_any();
    }
    let (key, label) = field.with_value(|f| (f.key.clone(), f.label.clone()));
    let checked = move || field.with_value(|f| choice.source(f)) == id;
    let spoken = format!("{label} of {name}: {}", value.unwrap_or_else(|| "none".to_owned()));
    let group = format!("value-{key}");
    view! {
        <td class="align-top max-sm:px-3">
            <label class="flex items-start gap-2">
                <input
                    type="radio"
                    name=group
                    class="radio radio-xs mt-1"
                    aria-label=spoken
                    checked=untrack(checked)
                    prop:checked=checked
                    on:change=move |_| choice.pick(&key, id)
                />
                <span class="min-w-0">{shown} {owned}</span>
            </label>
        </td>
    }
    .into_any()
}
