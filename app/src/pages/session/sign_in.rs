use super::{api::sign_in, demo_box::DemoBox, form_card::FormCard, refused::Refused, state_page::StatePage};
use crate::ui::{
    button::SubmitButton,
    field::{CodeField, FormErrors, PresentPassword, TextField},
    url::local_path,
};
use domain::session::PortalState;
use leptos::{prelude::*, wasm_bindgen::JsCast};
use leptos_router::{components::Redirect, hooks::use_query_map};

/// Email and password. Afterwards the visitor goes on to where they wanted to go (`next`, a path of this site).
#[component]
pub fn SignInPage() -> impl IntoView {
    let (email, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let show = move |state: PortalState| {
        if !state.created {
            return view! { <Redirect path="/setup" /> }.into_any();
        }
        let demo = state.demo.map(|account| view! { <DemoBox account email password /> });
        view! {
            {state.mail.then(|| view! { <ForgotLink /> })}
            {demo}
            {state.sign_up.then(|| view! { <SignUpLink /> })}
        }
        .into_any()
    };
    view! {
        <StatePage title="Sign in" show>
            <SignInForm email password />
        </StatePage>
    }
}

/// The form itself. The whole page is loaded anew after signing in, so nothing of an earlier session stays. Sent by the browser,
/// without JavaScript, it goes to the server as a form, and the address of the page that comes back says why it was `refused`.
#[component]
fn SignInForm(email: RwSignal<String>, password: RwSignal<String>) -> impl IntoView {
    let query = use_query_map();
    let next = move || {
        query.read_untracked().get("next").and_then(|next| local_path(&next)).unwrap_or("/".to_owned())
    };
    let errors = FormErrors::new(&["email", "password", "code"]);
    let (code, asks_code) = (RwSignal::new(String::new()), RwSignal::new(false));
    let refused = query.read_untracked().get("refused").and_then(|word| Refused::read(&word));
    if let Some(refused) = refused {
        asks_code.set(refused == Refused::Code);
        errors.set(refused.error());
    }
    let leaving = RwSignal::new(false);
    let submit = Action::new(move |(email, password): &(String, String)| {
        let (email, password, next) = (email.clone(), password.clone(), next());
        let code = Some(code.get_untracked()).filter(|code| !code.is_empty());
        async move {
            match sign_in(email, password, code).await {
                Ok(_) => {
                    leaving.set(true);
                    _ = window().location().set_href(&next);
                }
                Err(error) => {
                    if error.about("code").is_some() {
                        asks_code.set(true);
                        request_animation_frame(focus_code);
                    }
                    errors.set(error);
                }
            }
        }
    });
    let on_submit =
        Callback::new(move |()| _ = submit.dispatch((email.get_untracked(), password.get_untracked())));
    let busy = Signal::derive(move || submit.pending().get() || leaving.get());
    view! {
        <FormCard title="Sign in" errors on_submit>
            <TextField label="Email" name="email" kind="email" value=email required=true autocomplete="username" error=errors.about("email") />
            <PresentPassword label="Password" value=password errors />
            <Show when=move || asks_code.get()>
                <CodeField value=code help="Of your authenticator app, or a recovery code." errors />
            </Show>
            <SubmitButton label="Sign in" busy class="btn btn-primary btn-block" />
        </FormCard>
    }
}

#[component]
fn ForgotLink() -> impl IntoView {
    view! {
        <p class="mt-4 text-center text-sm">
            <a class="link" href="/forgot-password" rel="external">"Forgot your password?"</a>
        </p>
    }
}

#[component]
fn SignUpLink() -> impl IntoView {
    view! {
        <p class="mt-4 text-center text-sm">
            "New here? "
            <a class="link" href="/sign-up" rel="external">"Create a portal of your own"</a>
        </p>
    }
}

/// The code is asked once the password is right: the cursor goes there.
fn focus_code() {
    let field = document().get_element_by_id("field-code");
    if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
        _ = field.focus();
    }
}
