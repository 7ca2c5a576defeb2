use super::form_state::FormState;
use domain::vendor::Region;
use leptos::prelude::*;

/// The regions as cards of radio buttons, each with its address.
#[component]
pub fn RegionCards(form: FormState, regions: Vec<Region>) -> impl IntoView {
    let card = move |region: Region| {
        let key = StoredValue::new(region.key.clone());
        let chosen = move || key.with_value(|k| *form.region.read() == *k);
        let at_first = untrack(chosen);
        let host = region.base_url.map_or_else(
            || "Your own address".to_owned(),
            |url| url.trim_start_matches("https://").to_owned(),
        );
        view! {
            <label class="flex cursor-pointer items-start gap-2 rounded-field border border-control p-2.5 has-checked:border-primary has-checked:bg-primary/10 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-primary">
                <input
                    type="radio"
                    name="region"
                    class="radio radio-sm radio-primary mt-0.5 outline-none"
                    value=region.key
                    checked=at_first
                    prop:checked=chosen
                    on:change=move |_| form.region.set(key.get_value())
                />
                <span class="min-w-0 text-sm">
                    <span class="block font-medium">{region.name}</span>
                    <span class="block text-xs break-words text-muted">{at_dots(&host)}</span>
                </span>
            </label>
        }
    };
    view! {
        <fieldset>
            <legend class="mb-1 text-sm font-medium">"Region"</legend>
            <p class="mb-2 text-sm text-muted">"Where you sign in to NinjaOne: compare the address in your browser."</p>
            <div class="grid grid-cols-2 gap-2 xl:grid-cols-3">{regions.into_iter().map(card).collect_view()}</div>
        </fieldset>
    }
}

/// A host name that breaks before its dots only.
fn at_dots(host: &str) -> impl IntoView + use<> {
    let part = |(at, part): (usize, &str)| match at {
        0 => part.to_owned().into_any(),
        _ => view! { <wbr /> {format!(".{part}")} }.into_any(),
    };
    host.split('.').enumerate().map(part).collect_view()
}
