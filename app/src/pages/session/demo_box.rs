use domain::session::DemoAccount;
use leptos::prelude::*;

/// The account of a demo, and a button that fills it into the form.
#[component]
pub fn DemoBox(account: DemoAccount, email: RwSignal<String>, password: RwSignal<String>) -> impl IntoView {
    let (shown_email, shown_password) = (account.email.clone(), account.password.clone());
    let fill = move |_| {
        email.set(account.email.clone());
        password.set(account.password.clone());
    };
    view! {
        <section class="card mt-4 bg-base-100" aria-label="Demo account">
            <div class="card-body gap-2 p-4 text-sm">
                <h2 class="font-semibold">"This is a demo"</h2>
                <p class="text-muted">"Look around with this account. The data is made up."</p>
                <dl class="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
                    <dt class="text-muted">"Email"</dt>
                    <dd class="font-mono break-all">{shown_email}</dd>
                    <dt class="text-muted">"Password"</dt>
                    <dd class="font-mono break-all">{shown_password}</dd>
                </dl>
                <button type="button" class="btn btn-sm self-start" on:click=fill>"Fill in"</button>
            </div>
        </section>
    }
}
