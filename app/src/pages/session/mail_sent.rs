use leptos::prelude::*;

/// What to do once a mail is on its way, and where none comes.
#[component]
pub fn MailSent(#[prop(into)] text: Signal<String>, otherwise: &'static str) -> impl IntoView {
    view! {
        <h1 class="text-2xl font-bold">"Look into your mail"</h1>
        <p class="wrap-anywhere">{text}</p>
        <p class="text-sm text-muted">
            {format!("Nothing after a few minutes? Look among the unwanted mails, or {otherwise}.")}
        </p>
        <BackToSignIn />
    }
}

#[component]
pub fn BackToSignIn() -> impl IntoView {
    view! { <a class="link text-center text-sm" href="/sign-in" rel="external">"Back to sign-in"</a> }
}
