//! What Quick Match knows: rejections, thresholds, and more than names.

use super::{row, rows};
use crate::staged::Staged;
use crate::support::{TestPortal, stand};
use domain::mapping::MappingStatus::Unmapped;
use domain::mapping::OrganizationChoice::{Ignore, Unmap};

on_both!(rejected, preview, evidence);

async fn rejected(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let (tenant, it) = (fleet.admin(), fleet.id);
    fleet.organization("1", "Acme", 1).await;
    let acme = fleet.company("Acme").await;
    let quick = async || stand(tenant.quick_match_organizations(it, None).await.unwrap());
    assert_eq!(quick().await, (1, 0, 0));
    let unmapped = tenant.save_organization(it, "1", Unmap, None, false).await.unwrap();
    assert_eq!(quick().await, (0, 0, 1), "a pair that somebody took apart is not put together again");
    tenant.undo_decision(unmapped.undo.unwrap(), false).await.unwrap();
    tenant.save_organization(it, "1", Unmap, None, false).await.unwrap();
    fleet.link("1", acme).await;
    let ignored = tenant.save_organization(it, "1", Ignore, None, false).await.unwrap();
    tenant.save_organization(it, "1", Unmap, Some(ignored.version), false).await.unwrap();
    assert_eq!(quick().await, (1, 0, 0), "linking it by hand took the rejection back");
}

async fn preview(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let (tenant, it) = (fleet.admin(), fleet.id);
    for (id, name) in [("1", "Acme"), ("2", "Contoso Dentl"), ("3", "Nobody Knows")] {
        fleet.organization(id, name, 1).await;
    }
    for name in ["Acme", "Contoso Dental"] {
        fleet.company(name).await;
    }
    let preview = tenant.preview_organizations(it).await.unwrap();
    assert_eq!((preview.proposed, preview.unmatched), (2, 1));
    assert_eq!(rows(&fleet).await.iter().filter(|r| r.status != Unmapped).count(), 0, "nothing is written");
    for step in preview.thresholds {
        let result = tenant.quick_match_organizations(it, Some(step.threshold)).await.unwrap();
        assert_eq!(result.newly_mapped, step.mapped, "at {}", step.threshold);
        if let Some(undo) = result.undo {
            tenant.undo_decision(undo, false).await.unwrap();
        }
    }
}

/// More than names: what devices and companies say of each other.
async fn evidence(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let (tenant, it) = (fleet.admin(), fleet.id);
    fleet.organization("1", "NWD", 2).await;
    fleet.organization("2", "Unheard Of", 2).await;
    for id in ["1", "2", "3", "4"] {
        fleet.device(id, if id < "3" { "1" } else { "2" }, None, "WINDOWS_SERVER").await;
    }
    test.execute(
        "UPDATE remote_devices SET domain = 'corp.northwind.local' WHERE organization_id = '1'",
        vec![],
    )
    .await;
    let northwind = domain::company::CompanyInput {
        name: "Northwind Traders".into(),
        domain: Some("northwind.example".into()),
        ..Default::default()
    };
    let northwind = tenant.create_company(northwind).await.unwrap().id;
    let known = fleet.company("Contoso").await;
    fleet.inventory(known, "SN-3").await;
    fleet.inventory(known, "SN-4").await;
    tenant.quick_match_organizations(it, None).await.unwrap();
    let by_domain = row(&fleet, "1").await.suggestion.expect("the domain speaks for it");
    assert_eq!(by_domain.company.id, northwind);
    assert!(by_domain.reasons.contains(&"Same domain".to_owned()), "{:?}", by_domain.reasons);
    let by_serial = row(&fleet, "2").await.suggestion.expect("its devices are known there");
    assert_eq!(by_serial.company.id, known);
    assert!(by_serial.reasons.contains(&"Its devices are known there".to_owned()), "{:?}", by_serial.reasons);
    // A serial number that two devices have says nothing.
    fleet.inventory(northwind, "SN-3").await;
    fleet.inventory(northwind, "SN-4").await;
    tenant.quick_match_organizations(it, None).await.unwrap();
    assert_eq!(row(&fleet, "2").await.suggestion, None);
}
