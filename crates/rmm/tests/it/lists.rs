//! Lists by `after`: everything, once, whatever the server does with page sizes and boundaries.

use crate::support::{Bench, all};
use rmm::Position;
use simulator::BackupModule;

#[tokio::test]
async fn every_list_is_read_to_its_empty_page() {
    let bench = Bench::start(95).await;
    let devices = all!(bench.client, devices).unwrap();
    let ids: Vec<_> = devices.rows.iter().map(|d| d.remote_id.clone()).collect();
    assert_eq!(ids, bench.expected());
    assert_eq!((devices.ended, devices.pages), ("empty page", ids.len().div_ceil(10) + 1));

    let refs = all!(bench.client, device_refs).unwrap();
    let read: Vec<_> = devices.rows.into_iter().map(|row| row.read().unwrap()).collect();
    assert!(
        refs.rows
            .iter()
            .zip(&read)
            .all(|(a, b)| a.remote_id == b.remote_id && a.organization_id == b.organization_id)
    );
    assert_eq!(refs.rows.len(), ids.len());

    let organizations = all!(bench.client, organizations).unwrap().rows;
    let named: Vec<_> = organizations.into_iter().map(|o| (o.remote_id, o.name)).collect();
    let expected: Vec<_> =
        bench.control().organizations().into_iter().map(|(id, n)| (id.to_string(), n)).collect();
    assert_eq!(named, expected);

    let locations = all!(bench.client, locations).unwrap().rows;
    assert_eq!(locations.len(), bench.control().location_count());
    assert!(locations.iter().all(|l| l.organization_id.is_some()));

    let (users, roles) = (bench.client.users().await.unwrap(), bench.client.roles().await.unwrap());
    assert_eq!((users.raw, users.ended), (bench.control().user_count(), Some("whole list")));
    assert!(roles.rows.len() > 5 && roles.lost.is_empty());
}

#[tokio::test]
async fn a_clamped_page_size_and_boundary_rows_change_nothing() {
    let bench = Bench::start(60).await;
    for (clamp, inclusive) in [(Some(7), false), (None, true), (Some(7), true), (Some(1), false)] {
        bench.control().set_behaviour(|b| {
            b.page_size_clamp = clamp;
            b.inclusive_after = inclusive;
        });
        let ids: Vec<_> =
            all!(bench.client, devices).unwrap().rows.into_iter().map(|d| d.remote_id).collect();
        assert_eq!(ids, bench.expected(), "{clamp:?} {inclusive}");
    }
}

#[tokio::test]
async fn one_row_a_page_with_boundary_rows_is_told_as_the_end_only_when_it_is() {
    let bench = Bench::with(20, |account| account.limits.page_size = 2).await;
    bench.control().set_behaviour(|b| b.inclusive_after = true);
    assert_eq!(all!(bench.client, devices).unwrap().rows.len(), bench.expected().len());
}

#[tokio::test]
async fn a_run_can_resume_where_it_was() {
    let bench = Bench::start(40).await;
    let first = bench.client.devices(&Position::Start).await.unwrap();
    let next = bench.fresh().devices(&first.next.unwrap()).await.unwrap();
    assert_eq!(next.ids, bench.expected()[10..20]);
}

#[tokio::test]
async fn an_empty_account_is_one_empty_page() {
    let bench = Bench::start(0).await;
    let devices = all!(bench.client, devices).unwrap();
    assert_eq!((devices.rows.len(), devices.pages, devices.ended), (0, 1, "empty page"));
}

#[tokio::test]
async fn devices_carry_their_facts() {
    let bench = Bench::with(300, |account| account.limits.page_size = 1000).await;
    let rows = all!(bench.client, devices).unwrap().rows;
    let devices: Vec<_> = rows.into_iter().map(|row| row.read().unwrap()).collect();
    let share = |test: &dyn Fn(&domain::remote::RemoteDevice) -> bool| {
        devices.iter().filter(|d| test(d)).count() * 100 / devices.len()
    };
    assert!(
        devices.iter().all(|d| !d.facts.name.is_empty() && d.role_id.is_some() && d.last_contact.is_some())
    );
    assert!(
        devices
            .iter()
            .all(|d| d.facts.node_class.is_some() && d.facts.approval.as_deref() == Some("APPROVED"))
    );
    let base = &bench.simulator.base_url;
    assert!(
        devices.iter().all(|d| d.url == Some(format!("{base}/#/deviceDashboard/{}/overview", d.remote_id)))
    );
    assert!(share(&|d| d.facts.os_name.is_some()) > 50);
    assert!(share(&|d| d.facts.serial.is_some()) > 40);
    assert!(share(&|d| !d.facts.mac_addresses.is_empty()) > 50);
    assert!(share(&|d| d.facts.warranty_end.is_some()) > 0);
    assert!(share(&|d| d.facts.owner_uid.is_some()) > 0);
    let users = bench.client.users().await.unwrap().rows;
    let owner = |uid: &String| users.iter().any(|u| u.uid == *uid);
    assert!(devices.iter().filter_map(|d| d.facts.owner_uid.as_ref()).all(owner), "owners are users");
}

#[tokio::test]
async fn what_an_instance_lacks_is_told_apart() {
    let bench = Bench::start(20).await;
    for (module, expected) in
        [(BackupModule::Missing404, "not_available"), (BackupModule::Forbidden403, "forbidden")]
    {
        bench.control().set_behaviour(|b| b.backup_module = module);
        let error = bench.client.backups(&Position::Start).await.unwrap_err();
        assert_eq!(error.problem("NinjaOne").code, expected);
    }
    bench.control().set_behaviour(|b| b.backup_module = BackupModule::Empty);
    assert_eq!(all!(bench.client, backups).unwrap().rows.len(), 0);
    bench.control().set_behaviour(|b| b.fed_instance = true);
    assert!(bench.client.users().await.is_ok() && bench.client.roles().await.is_ok());
}
