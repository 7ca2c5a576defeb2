//! Whole pages, as the server renders them.

use crate::{
    Outcome,
    measure::{Figures, Times},
    queries::{Group, Words, kinds},
    seed::Seeded,
};
use axum::{body::Body, http::Request};
use server::router::{AppState, router};
use tower::ServiceExt;

/// Kinds of questions whose pages are asked for.
const KINDS: [&str; 6] = [
    "sort name",
    "sort last_contact",
    "filter offline",
    "filter company",
    "search part of a name",
    "search owner",
];

/// Asks for pages of the list, each as the browser would.
pub async fn pages(seeded: &Seeded, words: &Words, rounds: u32, only: Option<&str>) -> Outcome<Vec<Figures>> {
    let router = router(AppState::new(seeded.portal.clone()));
    let mut all = Vec::new();
    for kind in kinds().into_iter().filter(|k| KINDS.contains(&k.name.as_str())) {
        let name = format!("page of {}", kind.name);
        if only.is_some_and(|o| !name.contains(o)) {
            continue;
        }
        let mut times = Times::default();
        for round in 0..=rounds {
            let (query, filter) = kind.ask(words, round);
            let mut address = format!("/devices?page={}", query.page.unwrap_or(1));
            let fields = [
                ("sort", query.sort),
                ("search", query.search),
                ("status", filter.status.map(|s| s.to_string())),
                ("company", filter.company.map(|c| c.to_string())),
            ];
            for (key, value) in fields.into_iter().filter_map(|(key, value)| Some((key, value?))) {
                address.push_str(&format!("&{key}={}", value.replace(' ', "+").replace('\\', "%5C")));
            }
            let request = Request::get(&address).header("cookie", &seeded.cookie).body(Body::empty())?;
            let router = router.clone();
            let answer = async {
                let answer = router.oneshot(request).await?;
                let status = answer.status();
                Ok((status, axum::body::to_bytes(answer.into_body(), usize::MAX).await?))
            };
            let ((status, body), _) = times.of(answer).await?;
            if !status.is_success() || body.len() < 5000 {
                return Err(format!("{address}: {status}, {} bytes", body.len()).into());
            }
        }
        all.push(times.figures(name, Group::Html, 0));
    }
    Ok(all)
}
