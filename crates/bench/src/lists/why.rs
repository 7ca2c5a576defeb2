//! The box that explains any device.

use crate::{
    Outcome,
    measure::{Figures, Times},
    queries::{Group, Words},
};
use backend::{Tenant, WhyAsked, tenant::Admin};

/// What is typed.
const KINDS: [&str; 7] =
    ["name", "part of a name", "serial", "mac", "mac without colons", "remote id", "nothing"];

/// Asks for every kind, round by round; a first round of each is not counted.
pub async fn why(
    tenant: &Tenant<Admin>,
    words: &Words,
    rounds: u32,
    only: Option<&str>,
) -> Outcome<Vec<Figures>> {
    let mut all = Vec::new();
    for kind in KINDS {
        let name = format!("why {kind}");
        if only.is_some_and(|o| !name.contains(o)) {
            continue;
        }
        let (mut times, mut found) = (Times::default(), 0);
        for round in 0..=rounds {
            let asked = WhyAsked { search: words.search(round, kind), ..WhyAsked::default() };
            let (why, _) = times.of(async { Ok(tenant.why(asked).await?) }).await?;
            found = found.max(i64::try_from(why.candidates.len())?);
        }
        all.push(times.figures(name, Group::Why, found));
    }
    Ok(all)
}
