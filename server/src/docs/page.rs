//! The page's HTML.

use super::entry::{Entry, Field};
use leptos::prelude::*;

/// The whole document, with the endpoints that were found for a search.
pub fn html(search: &str, found: &[&Entry]) -> String {
    let mut resources: Vec<&str> = found.iter().map(|entry| entry.resource.as_str()).collect();
    resources.sort_unstable();
    resources.dedup();
    let sections = resources.into_iter().map(|name| {
        let entries = found.iter().filter(|entry| entry.resource == name);
        section(name, entries.map(|entry| endpoint(entry)).collect_view())
    });
    let none = found.is_empty().then(|| {
        view! { <p class="rounded-box border border-dashed border-base-300 bg-base-100 px-4 py-10 text-center">"No endpoint fits. " <a class="link" href="/docs/api">"Show all"</a></p> }
    });
    let body = view! {
        <header class="flex flex-wrap items-center justify-between gap-2">
            <h1 class="text-2xl font-bold">"API of MSPortal"</h1>
            <nav class="flex flex-wrap gap-2" aria-label="Portal">
                <a class="btn btn-sm" href="/settings/tokens">"API tokens"</a>
                <a class="btn btn-sm" href="/api/v1/openapi.json">"openapi.json"</a>
                <a class="btn btn-sm" href="/">"Back to the portal"</a>
            </nav>
        </header>
        <main class="flex flex-col gap-4">
            {introduction()}
            <form method="get" role="search" class="flex flex-wrap gap-2">
                <input class="input grow" type="search" name="search" aria-label="Search endpoints" placeholder="Search endpoints" value=search.to_owned() />
                <button class="btn btn-primary" type="submit">"Search"</button>
            </form>
            <p class="text-sm text-muted" role="status">{format!("{} endpoints", found.len())}</p>
            {none}
            {sections.collect_view()}
        </main>
    };
    let head = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>API - MSPortal</title>\
        <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
        <link rel=\"stylesheet\" href=\"/pkg/msportal.css\"><link rel=\"icon\" type=\"image/svg+xml\" href=\"/favicon.svg\">\
        </head><body><div class=\"mx-auto flex max-w-5xl flex-col gap-4 p-4\">";
    format!("{head}{}</div></body></html>", body.to_html())
}

fn introduction() -> impl IntoView {
    view! {
        <p class="max-w-prose text-sm">
            "Reads are GET with parameters, writes are POST with a JSON object. Send the token of a program in the header Authorization. The examples take the portal's address from " <code>"$MSPORTAL"</code>
            " and the token from " <code>"$MSPORTAL_TOKEN"</code> "."
        </p>
    }
}

fn section(name: &str, entries: impl IntoView) -> impl IntoView {
    let id = format!("resource-{name}");
    view! {
        <section class="flex flex-col gap-2" aria-labelledby=id>
            <h2 class="text-lg font-semibold" id=format!("resource-{name}")>{name.to_owned()}</h2>
            {entries}
        </section>
    }
}

fn endpoint(entry: &Entry) -> impl IntoView {
    let call = format!("{} {}", entry.method, entry.path);
    let fields = (!entry.fields.is_empty()).then(|| fields(&entry.fields, &call));
    let answer = entry.answer.clone().map(|answer| {
        view! {
            <h3 class="text-sm font-semibold">"Answer"</h3>
            <pre class="overflow-x-auto rounded-box bg-base-200 p-3 text-sm" tabindex="0" role="region" aria-label=format!("Example of the answer of {call}")>{answer}</pre>
        }
    });
    let statuses = entry.statuses.iter().map(|(status, about)| {
        view! { <li><code>{status.clone()}</code> " " {about.clone()}</li> }
    });
    view! {
        <details class="rounded-box border border-base-300 bg-base-100" id=entry.id.clone()>
            <summary class="cursor-pointer p-3">
                <code class="font-semibold break-all">{call.clone()}</code>
                <span class="block text-sm text-muted">{entry.summary.clone()}</span>
            </summary>
            <div class="flex flex-col gap-3 p-3">
                <p class="text-sm">{entry.needs.clone()}</p>
                {fields}
                <h3 class="text-sm font-semibold">"Example"</h3>
                <pre class="overflow-x-auto rounded-box bg-base-200 p-3 text-sm" tabindex="0" role="region" aria-label=format!("Example of a call of {call}")>{entry.curl.clone()}</pre>
                {answer}
                <h3 class="text-sm font-semibold">"Status"</h3>
                <ul class="text-sm">{statuses.collect_view()}</ul>
            </div>
        </details>
    }
}

fn fields(fields: &[Field], call: &str) -> impl IntoView + use<> {
    let rows = fields.iter().map(|field| {
        let needed = if field.required { "required" } else { "" };
        view! {
            <tr>
                <th scope="row" class="font-medium whitespace-nowrap">{field.name.clone()} <span class="block text-xs font-normal text-muted">{needed}</span></th>
                <td class="wrap-anywhere">{field.kind.clone()}</td>
                <td class="wrap-anywhere">{field.about.clone()}</td>
            </tr>
        }
    });
    view! {
        <div class="overflow-x-auto" tabindex="0" role="region" aria-label=format!("Parameters of {call}")>
            <table class="table table-sm">
                <thead><tr><th scope="col">"Parameter"</th><th scope="col">"Type"</th><th scope="col">"Meaning"</th></tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}
