//! What proves a pull complete, in numbers and in words. Only a proven pull may mark anything missing.

use super::{
    count,
    entity::Entity,
    list::{CONTRADICTED, List},
    pull::{Fetch, Pull, Tally},
};
use crate::{Error, Result, runs::RunContext, sql};
use domain::{
    remote::{RemoteLocation, RemoteOrganization},
    run::{ChangeKind, Evidence, Phase},
    sync::{Key, Ledger},
    vendor::Problem,
};
use rmm::{DeviceState, MOST_NAMED, RmmClient, RmmError};
use sea_orm::FromQueryResult;
use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
};

/// What a pull left open, once it was asked again.
#[derive(Debug, Default)]
pub struct Absent {
    /// Neither in the list nor found by their id.
    pub gone: Vec<String>,
    /// The vendor says that they were decommissioned.
    pub decommissioned: Vec<String>,
    /// Found by their id: the list left them out.
    pub left_out: i64,
}

/// Evidence of a pull that may still turn out not to be complete.
pub fn evidence(
    entity: &str,
    tally: &Tally,
    distinct: i64,
    expected: Option<i64>,
    words: String,
) -> Evidence {
    Evidence {
        entity: entity.to_owned(),
        requests: tally.pages,
        rows: tally.rows,
        distinct,
        duplicates: (tally.rows - distinct - tally.unreadable).max(0),
        unreadable: tally.unreadable,
        expected,
        ended: tally.ended.clone().unwrap_or_else(|| "interrupted".into()),
        complete: tally.ended.is_some() && tally.unnamed == 0 && tally.unsorted == 0,
        words,
    }
}

/// How the list ended, as a sentence.
pub fn ending(tally: &Tally) -> String {
    match tally.ended.as_deref() {
        Some("empty page") => "The list was read until NinjaOne had no more rows.".into(),
        Some("last cursor") => "The report was read until NinjaOne gave no further cursor.".into(),
        Some(CONTRADICTED) => "The list ended although NinjaOne has more rows.".into(),
        Some("whole list") => "NinjaOne answered the whole list at once.".into(),
        Some(other) => format!("The list ended: {other}."),
        None => "The list did not come to its end.".into(),
    }
}

/// The error that ends a run whose pull is not proven.
pub fn unproven(code: &str, message: String, hints: Vec<String>) -> Error {
    Error::Problem(Box::new(Problem { code: code.into(), message, hints, field: None }))
}

/// Fails when the list did not come to its end, had rows without an id, or was not in the order in which it is read on.
pub fn demand_end(entity: Entity, tally: &Tally) -> Result<()> {
    let plural = entity.plural;
    if tally.ended.is_none() {
        let message = format!("The list of {plural} did not come to its end, so nothing was marked missing.");
        return Err(unproven("incomplete", message, vec![]));
    }
    if tally.unnamed > 0 {
        let n = tally.unnamed;
        let message = format!(
            "{n} rows of {plural} had no readable id: any of them might be missing, so none was marked missing."
        );
        return Err(unproven("unreadable", message, vec![]));
    }
    if tally.unsorted > 0 {
        return Err(out_of_order(plural));
    }
    Ok(())
}

/// The error of a list that was read on behind its largest id, and did not come in the order of its ids.
fn out_of_order(plural: &str) -> Error {
    let message = format!(
        "NinjaOne sends its list of {plural} out of order, so it cannot be proven complete and nothing was marked missing."
    );
    let lasts = "This will be the same each time for as long as NinjaOne sends it so; the next attempt sees whether it still does.";
    let kept =
        format!("What the list showed is kept; {plural} that are gone from NinjaOne stay here meanwhile.");
    unproven("incomplete", message, vec![lasts.to_owned(), kept])
}

/// Fails when another answer of NinjaOne's says that the list goes on.
pub fn demand_true_end(entity: Entity, tally: &Tally) -> Result<()> {
    if tally.ended.as_deref() != Some(CONTRADICTED) {
        return Ok(());
    }
    let plural = entity.plural;
    let message = format!(
        "The list of {plural} ended although NinjaOne has more of them, so nothing was marked missing."
    );
    Err(unproven("incomplete", message, vec!["The next attempt reads the list again.".into()]))
}

/// Asks NinjaOne by id for each device that the list left out; where it cannot be asked so, its short list decides.
pub async fn verify_devices(
    ctx: &RunContext,
    client: &Arc<dyn RmmClient>,
    unseen: &[String],
) -> Result<Absent> {
    ctx.phase(Phase::Verifying, i64::try_from(unseen.len()).ok());
    match ask_by_id(ctx, client, unseen).await {
        Err(error) if !error.is_credentials() => {
            tracing::warn!(run = %ctx.run_id(), %error, "devices cannot be asked for by id");
            read_again(client, count::SHORT_LIST, unseen).await
        }
        asked => Ok(asked?),
    }
}

async fn ask_by_id(
    ctx: &RunContext,
    client: &Arc<dyn RmmClient>,
    unseen: &[String],
) -> Result<Absent, RmmError> {
    let mut absent = Absent::default();
    for chunk in unseen.chunks(MOST_NAMED) {
        let there: HashSet<String> =
            client.devices_named(chunk, DeviceState::Approved).await?.into_iter().collect();
        let retired: HashSet<String> =
            client.devices_named(chunk, DeviceState::Decommissioned).await?.into_iter().collect();
        for id in chunk {
            match (there.contains(id), retired.contains(id)) {
                (true, _) => absent.left_out += 1,
                (false, true) => absent.decommissioned.push(id.clone()),
                (false, false) => absent.gone.push(id.clone()),
            }
        }
        ctx.advance(i64::try_from(chunk.len()).unwrap_or_default());
    }
    Ok(absent)
}

/// Organizations that are asked for one by one.
const MOST_ASKED: usize = 50;

/// Asks for each organization that its list left out; where it cannot be asked so, the list is read a second time.
pub async fn verify_organizations(
    client: &Arc<dyn RmmClient>,
    again: Fetch<RemoteOrganization>,
    unseen: &[String],
) -> Result<Absent> {
    let mut absent = read_again(client, again, unseen).await?;
    let doubtful = std::mem::take(&mut absent.gone);
    for (n, id) in doubtful.into_iter().enumerate() {
        let there = n < MOST_ASKED && matches!(client.locations_of(&id).await, Ok(Some(_)));
        match there {
            true => absent.left_out += 1,
            false => absent.gone.push(id),
        }
    }
    Ok(absent)
}

/// The same for locations, asked for by their organization.
pub async fn verify_locations(
    ctx: &RunContext,
    client: &Arc<dyn RmmClient>,
    again: Fetch<RemoteLocation>,
    unseen: &[String],
) -> Result<Absent> {
    #[derive(FromQueryResult)]
    struct Place {
        remote_id: String,
        organization_id: String,
    }
    let mut absent = read_again(client, again, unseen).await?;
    let mut p = sql::Params(vec![ctx.integration_id().into(), ctx.tenant_id().into()]);
    let named = sql::within(ctx.db(), &mut p, absent.gone.iter().map(String::as_str));
    let select = format!(
        "SELECT remote_id, organization_id FROM remote_locations
         WHERE integration_id = $1 AND tenant_id = $2 AND remote_id {named}"
    );
    let places: Vec<Place> = sql::all(ctx.db(), &select, p.0).await?;
    let organizations: BTreeSet<&String> = places.iter().map(|p| &p.organization_id).collect();
    let mut own: HashSet<String> = HashSet::new();
    for id in organizations.into_iter().take(MOST_ASKED) {
        if let Ok(Some(locations)) = client.locations_of(id).await {
            own.extend(locations);
        }
    }
    let there = places.iter().filter(|p| own.contains(&p.remote_id)).count();
    absent.gone.retain(|id| !own.contains(id));
    absent.left_out += i64::try_from(there).unwrap_or_default();
    Ok(absent)
}

/// Reads a list a second time and answers which of `unseen` it shows now.
pub async fn read_again<T: Send + 'static>(
    client: &Arc<dyn RmmClient>,
    fetch: Fetch<T>,
    unseen: &[String],
) -> Result<Absent> {
    let mut pull = Pull::start(client, fetch);
    let mut seen: HashSet<String> = HashSet::new();
    while let Some(page) = pull.next().await? {
        seen.extend(page.ids);
    }
    let (there, gone): (Vec<String>, Vec<String>) = unseen.iter().cloned().partition(|id| seen.contains(id));
    if !gone.is_empty() {
        tells_all(pull.tally())?;
    }
    let left_out = i64::try_from(there.len()).unwrap_or_default();
    Ok(Absent { gone, left_out, ..Absent::default() })
}

/// Fails for a list with rows that cannot be told apart, out of order, or without a true end: it might have whatever it does not
/// show.
fn tells_all(tally: &Tally) -> Result<(), RmmError> {
    match (tally.unnamed, tally.unsorted) {
        (0, 0) if tally.ended.as_deref() == Some(CONTRADICTED) => {
            Err(RmmError::BadBody("it ends although it goes on".into()))
        }
        (0, 0) => Ok(()),
        (0, _) => Err(RmmError::BadBody("the rows are not in the order of their ids".into())),
        (n, _) => Err(RmmError::BadBody(format!("{n} rows have no readable id"))),
    }
}

/// The error of a list that left out rows which the vendor has.
pub fn left_out(entity: Entity, n: i64) -> Error {
    let plural = entity.plural;
    unproven(
        "incomplete",
        format!(
            "NinjaOne's list left out {n} {plural} that it has, so the list is not complete and nothing was marked missing."
        ),
        vec!["The next attempt reads the list again.".into()],
    )
}

/// Fewer devices than this are never worth counting again.
const SLACK: i64 = 5;

/// How many devices the organizations had when they were last counted.
pub async fn counted(ctx: &RunContext) -> Result<Option<i64>> {
    let values = || vec![ctx.integration_id().into(), ctx.tenant_id().into()];
    let any = "SELECT count(*) AS n FROM organizations WHERE integration_id = $1 AND tenant_id = $2 AND counted_at IS NOT NULL";
    if sql::count(ctx.db(), any, values()).await? == 0 {
        return Ok(None);
    }
    let sum = "SELECT CAST(COALESCE(sum(device_count), 0) AS bigint) AS n FROM organizations
        WHERE integration_id = $1 AND tenant_id = $2 AND missing_since IS NULL";
    Ok(Some(sql::count(ctx.db(), sum, values()).await?))
}

/// Whether so few devices contradict the organizations' counts, given how many are known to be gone.
pub fn contradicts(distinct: i64, gone: i64, counted: i64) -> bool {
    counted - distinct - gone > SLACK.max(counted / 100)
}

/// Devices of the short list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Those that the long list showed, too.
    pub both: i64,
    /// Those that it did not.
    pub left_out: i64,
}

/// Reads the short list of devices, to an end that is told twice, and compares it with what the long one showed. Where that seems
/// to have shown all of it, the short list has to be one that tells all.
pub async fn compare_with_short_list(
    ctx: &RunContext,
    client: &Arc<dyn RmmClient>,
    ledger: &Ledger,
) -> Result<Compared> {
    ctx.phase(Phase::CountingDevices, None);
    let list = List {
        client: client.clone(),
        fetch: count::SHORT_LIST,
        id: |row| &row.remote_id,
        more: None,
        page_size: ctx.page_size(),
    };
    let mut pull = Pull::from(list, None);
    let (mut seen, mut compared) = (HashSet::new(), Compared::default());
    while let Some(page) = pull.next().await? {
        for key in page.ids.iter().map(|id| Key::from(id.as_str())) {
            let of = if ledger.has_seen(&key) { &mut compared.both } else { &mut compared.left_out };
            *of += i64::from(seen.insert(key));
        }
        ctx.progress(pull.tally().rows);
    }
    if compared.left_out == 0 {
        tells_all(pull.tally())?;
    }
    Ok(compared)
}

/// Said of a list of devices out of order that has passed nothing over.
const SAME_AS_SHORT: &str =
    "It came out of order; NinjaOne's short list, which is in order, shows the same devices.";

/// A list out of order may have passed rows over. Of devices, another list of them decides: where it came in order and shows the
/// same ones, nothing was. To read the same list once more would prove nothing, it would pass over the same rows. Answers the
/// tally as it stands then, and what is to be said of it.
pub async fn settle_order(
    ctx: &RunContext,
    client: &Arc<dyn RmmClient>,
    entity: Entity,
    ledger: &Ledger,
    tally: &Tally,
) -> Result<(Tally, &'static str)> {
    let whole = tally.ended.is_some() && tally.unnamed == 0;
    if tally.unsorted == 0 || !whole || !entity.beats {
        return Ok((tally.clone(), ""));
    }
    let shown = Compared { both: ledger.distinct() + tally.unreadable, left_out: 0 };
    match compare_with_short_list(ctx, client, ledger).await {
        Ok(compared) if compared == shown => Ok((Tally { unsorted: 0, ..tally.clone() }, SAME_AS_SHORT)),
        Err(Error::Vendor(error)) if error.is_credentials() => Err(error.into()),
        Err(Error::Vendor(error)) => {
            tracing::warn!(run = %ctx.run_id(), %error, "a list out of order cannot be compared with another one");
            Ok((tally.clone(), ""))
        }
        other => other.map(|_| (tally.clone(), "")),
    }
}

/// What became of the rows that the list left out, as a sentence; `asked`: whether NinjaOne was asked for them.
pub fn absent_words(entity: Entity, absent: &Absent, asked: bool) -> String {
    let were = |n: usize| match n {
        1 => format!("1 {} was not in it", entity.name),
        n => format!("{n} {} were not in it", entity.plural),
    };
    let mut words = Vec::new();
    let (gone, retired) = (absent.gone.len(), absent.decommissioned.len());
    match (gone, asked) {
        (0, _) => {}
        (n, true) => words.push(format!("{}; asked again, NinjaOne does not have it any more.", were(n))),
        (n, false) => words.push(format!("{}. NinjaOne is asked for each when somebody decides.", were(n))),
    }
    if retired > 0 {
        words.push(format!("{}: decommissioned in NinjaOne.", were(retired)));
    }
    if absent.left_out > 0 {
        words.push(format!(
            "{} although NinjaOne has it.",
            were(usize::try_from(absent.left_out).unwrap_or(usize::MAX))
        ));
    }
    words.join(" ")
}

/// The kinds of change under which absent rows are planned.
pub fn kinds(absent: &Absent) -> [(ChangeKind, &[String]); 2] {
    [(ChangeKind::Missing, &absent.gone), (ChangeKind::Decommissioned, &absent.decommissioned)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_devices_less_are_no_contradiction() {
        assert!(!contradicts(95, 0, 100));
        assert!(contradicts(94, 0, 100));
        assert!(!contradicts(94, 1, 100));
        assert!(!contradicts(9_900, 0, 10_000));
        assert!(contradicts(9_899, 0, 10_000));
        assert!(!contradicts(120, 0, 100), "more than counted is news, not a contradiction");
    }
}
