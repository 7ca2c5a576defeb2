//! A sync that adds many devices and an import that creates many keep them in packs: whoever reads them finds each.

use crate::fleet::Fleet;
use backend::{WhyAsked, runs::ChangeFilter};
use domain::{
    device_edit::HistoryKind,
    ids::{IntegrationId, RunId},
    import::{ImportOutcome, ImportResult, ImportSelection},
    mapping::OrganizationChoice,
    page::ListQuery,
    run::{Change, ChangeKind, Run, RunKind, RunState},
};
use futures::TryStreamExt;
use sea_orm::DbBackend;
use std::collections::BTreeSet;

on_both_with_fleet!(each_device_of_a_pack_is_told, packs_are_pruned);

/// Pages of 90 rows, one after the other.
fn pages(total: i64, sort: &str) -> impl Iterator<Item = ListQuery> {
    (1..=u32::try_from(total).expect("few") / 90 + 1).map(move |page| ListQuery {
        page: Some(page),
        page_size: Some(90),
        sort: Some(sort.to_owned()),
        ..ListQuery::default()
    })
}

fn search(text: &str) -> ListQuery {
    ListQuery { search: Some(text.to_owned()), ..ListQuery::default() }
}

async fn packed(fleet: &Fleet, change: &str) -> i64 {
    let sum = "SELECT CAST(COALESCE(sum(held), 0) AS bigint) AS n FROM run_packs WHERE change =";
    fleet.number(&format!("{sum} '{change}'")).await
}

/// Syncs and imports everything.
async fn filled(fleet: &Fleet) -> (IntegrationId, Run, Run) {
    let it = fleet.connect().await;
    let sync = fleet.sync(it, RunKind::Devices).await;
    let tenant = fleet.tenant();
    for row in tenant.organizations(it, ListQuery::default(), None).await.unwrap().items {
        tenant.save_organization(it, &row.remote_id, OrganizationChoice::Create, None, true).await.unwrap();
    }
    tenant.quick_create_node_classes(it).await.unwrap();
    let import = tenant.start_import(it, ImportSelection::All).await.unwrap();
    let import = fleet.execute(import.id).await;
    assert_eq!((sync.state, import.state), (RunState::Completed, RunState::Completed));
    assert!(packed(fleet, "added").await > 100 && packed(fleet, "created").await > 100);
    (it, sync, import)
}

async fn changes(fleet: &Fleet, run: RunId, total: i64) -> Vec<Change> {
    let (tenant, mut all) = (fleet.tenant(), Vec::new());
    for query in pages(total, "name") {
        let page = tenant.changes(run, query, Some("device".into()), Some(ChangeKind::Added)).await.unwrap();
        assert_eq!(page.total, total);
        all.extend(page.items);
    }
    all
}

async fn results(fleet: &Fleet, run: RunId, total: i64) -> Vec<ImportResult> {
    let (tenant, mut all) = (fleet.tenant(), Vec::new());
    for query in pages(total, "name") {
        let page = tenant.import_results(run, query, Some(ImportOutcome::Created)).await.unwrap();
        assert_eq!(page.total, total);
        all.extend(page.items);
    }
    all
}

async fn each_device_of_a_pack_is_told(fleet: Fleet) {
    let (it, sync, import) = filled(&fleet).await;
    let tenant = fleet.tenant();
    let count = async |from: &str| fleet.number(&format!("SELECT count(*) AS n FROM {from}")).await;
    let (staged, made) = (count("remote_devices").await, count("devices").await);
    assert_eq!((sync.counts.added, import.counts.added), (staged, made));

    let added = changes(&fleet, sync.id, staged).await;
    let ids: BTreeSet<&str> = added.iter().map(|c| c.remote_id.as_str()).collect();
    assert_eq!(ids.len(), added.len(), "each once");
    assert_eq!(added.len(), usize::try_from(staged).unwrap());
    let names: Vec<String> = added.iter().map(|c| c.name.to_ascii_lowercase()).collect();
    assert!(
        names.is_sorted_by(|a, b| a <= b)
            || fleet.portal.portal.db().get_database_backend() == DbBackend::Postgres
    );
    let counted = tenant.change_counts(sync.id).await.unwrap();
    assert_eq!(
        counted.iter().map(|c| (c.change, c.count)).collect::<Vec<_>>(),
        [(ChangeKind::Added, staged)]
    );
    for (entity, change, total) in [
        (None, None, staged),
        (Some("device"), None, staged),
        (None, Some(ChangeKind::Added), staged),
        (Some("organization"), None, 0),
        (None, Some(ChangeKind::Missing), 0),
    ] {
        let entity = entity.map(str::to_owned);
        let page = tenant.changes(sync.id, ListQuery::default(), entity.clone(), change).await.unwrap();
        assert_eq!((page.total, page.items.is_empty()), (total, total == 0), "{entity:?}, {change:?}");
    }
    let one = &added[7];
    let found = tenant.changes(sync.id, search(&one.remote_id), None, None).await.unwrap().items;
    assert!(found.contains(one) && found.len() < 100, "{found:?}");
    let found = tenant.changes(sync.id, search(&one.name.to_uppercase()), None, None).await.unwrap().items;
    assert!(found.contains(one), "{found:?}");
    let file: String = fleet
        .tenant()
        .export_changes(sync.id, ChangeFilter::default())
        .await
        .unwrap()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(file.lines().count(), added.len() + 1);
    assert!(file.contains(&format!("device,{},{},added,,,", one.remote_id, one.name)), "{file}");
    for (filter, lines) in [
        (ChangeFilter { search: Some(one.remote_id.clone()), ..ChangeFilter::default() }, 1..9),
        (
            ChangeFilter { entity: Some("device".into()), ..ChangeFilter::default() },
            added.len()..added.len() + 1,
        ),
        (ChangeFilter { entity: Some("organization".into()), ..ChangeFilter::default() }, 0..1),
        (ChangeFilter { change: Some(ChangeKind::Missing), ..ChangeFilter::default() }, 0..1),
    ] {
        let pieces = fleet.tenant().export_changes(sync.id, filter.clone()).await.unwrap();
        let file: String = pieces.try_collect().await.unwrap();
        assert!(lines.contains(&(file.lines().count() - 1)), "{filter:?}: {file}");
    }

    let created = results(&fleet, import.id, made).await;
    let all = tenant.import_results(import.id, ListQuery::default(), None).await.unwrap();
    assert_eq!(all.total, count("import_results_told").await);
    let failed =
        tenant.import_results(import.id, ListQuery::default(), Some(ImportOutcome::Failed)).await.unwrap();
    assert_eq!(failed.total, count("import_results_told WHERE outcome = 'failed'").await);
    let held: BTreeSet<_> =
        created.iter().map(|r| (r.remote_id.clone(), r.device_id.expect("an id"))).collect();
    assert_eq!(held.len(), usize::try_from(made).unwrap(), "each once");
    let one = &created[3];
    let found = tenant.import_results(import.id, search(&one.name), None).await.unwrap().items;
    assert!(found.contains(one), "{found:?}");

    for one in [&created[0], &created[created.len() / 2], &created[created.len() - 1]] {
        let device = one.device_id.expect("an id");
        assert_eq!(tenant.device(device).await.unwrap().facts.name, one.name, "the device of the result");
        let history = tenant.device_history(device, ListQuery::default()).await.unwrap();
        let told: Vec<_> = history.items.iter().map(|e| (e.kind, e.run.as_ref().map(|r| r.id))).collect();
        let wanted = [(HistoryKind::Imported, Some(import.id)), (HistoryKind::Added, Some(sync.id))];
        assert_eq!((told.len(), history.total), (2, 2), "{told:?}");
        assert!(wanted.iter().all(|w| told.contains(w)), "{told:?}");
        let why = tenant.why(WhyAsked { device: Some(device), ..WhyAsked::default() }).await.unwrap();
        let link = format!("{:?}", why.chain.expect("a chain").steps);
        assert!(link.contains(&import.id.to_string()), "{link}");
    }
    // What is there is not made again, and told one by one.
    let again = tenant.start_import(it, ImportSelection::All).await.unwrap();
    let again = fleet.execute(again.id).await;
    assert_eq!((again.counts.added, again.counts.unchanged), (0, made));
}

async fn packs_are_pruned(fleet: Fleet) {
    let (_, sync, import) = filled(&fleet).await;
    fleet.portal.clock.advance(4000 * 86_400);
    backend::jobs::prune::prune(&fleet.portal.portal).await.unwrap();
    assert_eq!((packed(&fleet, "added").await, packed(&fleet, "created").await), (0, 0));
    let tenant = fleet.tenant();
    assert_eq!(tenant.changes(sync.id, ListQuery::default(), None, None).await.unwrap().total, 0);
    assert_eq!(tenant.import_results(import.id, ListQuery::default(), None).await.unwrap().total, 0);
    assert_eq!(tenant.run(sync.id).await.unwrap().counts, sync.counts, "the run stays");
}
