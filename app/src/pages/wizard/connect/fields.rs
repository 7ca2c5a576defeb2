use super::form_state::FormState;
use crate::ui::{field::TextField, time::When};
use leptos::{either::Either, prelude::*};

/// Base URL, Access Key ID and Secret, each with what the test said about it.
#[component]
pub fn ConnectFields(
    form: FormState,
    #[prop(into)] save_error: Signal<Option<(String, String)>>,
) -> impl IntoView {
    let error = move |field: &'static str| {
        Signal::derive(move || {
            let saved = save_error.get().filter(|(about, _)| about == field).map(|(_, text)| text);
            form.about(field).or(saved)
        })
    };
    let stored = form.stored_at.is_some();
    let keep = stored.then_some("Stored. Leave empty to keep it.");
    let state = match (form.integration, form.stored_at) {
        (_, Some(time)) => Either::Left(view! {
            "Access Key ID and Secret are set, last saved at " <When time /> ". They are shown to nobody."
        }),
        (Some(_), None) => Either::Right("Access Key ID and Secret are not set."),
        (None, None) => Either::Right(""),
    };
    let saved = form.integration.is_some().then(|| {
        view! { <p class="text-sm text-muted" data-testid="credentials-set">{state}</p> }
    });
    view! {
        <BaseUrl form error=error("base_url") />
        {saved}
        <TextField
            label="Access Key ID"
            name="client_id"
            value=form.client_id
            error=error("client_id")
            help=keep.unwrap_or("The Client ID shown by NinjaOne.")
            required=!stored
        />
        <TextField
            label="Secret"
            name="client_secret"
            kind="password"
            value=form.client_secret
            error=error("client_secret")
            help=keep.unwrap_or("The Client Secret. NinjaOne shows it once, when it is made.")
            required=!stored
            autocomplete="new-password"
        />
    }
}

/// The base URL: typed for a custom region, else the region's own.
#[component]
fn BaseUrl(form: FormState, error: Signal<Option<String>>) -> impl IntoView {
    move || {
        match (form.is_custom(), form.region_url()) {
        (false, Some(url)) => view! {
            <div>
                <label for="region-url" class="mb-1 block text-sm font-medium">"Base URL"</label>
                <input id="region-url" class="input w-full bg-base-200" readonly prop:value=url.clone() value=url />
                <p class="mt-1 text-sm text-muted">"Filled in from the region."</p>
                {move || error.get().map(|text| view! { <p class="mt-1 text-sm text-error" role="alert">{text}</p> })}
            </div>
        }
        .into_any(),
        _ => view! {
            <TextField
                label="Base URL"
                name="base_url"
                kind="url"
                value=form.base_url
                error
                help="The address of your NinjaOne, such as https://rmm.example.com."
                required=true
            />
        }
        .into_any(),
    }
    }
}
