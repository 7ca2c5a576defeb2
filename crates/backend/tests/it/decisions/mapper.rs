//! What a role for mappings alone may create: what it maps to.

use crate::staged::Staged;
use crate::support::{TestPortal, kind_of};
use backend::tenant::Manage;
use domain::error::ErrorKind::Forbidden;
use domain::mapping::{LocationChoice, OrganizationChoice};
use domain::permissions::{Area, Level, Permissions};
use domain::roles::RoleInput;

on_both!(a_mapper_creates_what_they_map_to);

async fn a_mapper_creates_what_they_map_to(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    fleet.organization("1", "Contoso", 1).await;
    fleet.location("11", "1", "HQ").await;
    fleet.device("d", "1", Some("11"), "ZX_SPECIAL_GADGET").await;
    let shown = [Area::Integrations, Area::Companies, Area::Devices];
    let permissions = shown.iter().fold(Permissions::NONE, |all, area| all.with(*area, Level::Read));
    let permissions = permissions.with(Area::Mappings, Level::Manage);
    let input = RoleInput { name: "Mapper".into(), description: None, permissions };
    let role = test.admin().create_role(input).await.unwrap().role;
    let robin = test.joins(&test.admin(), "robin@northwind.example", role).await;
    let session = test.behind_cookie(&robin).await.unwrap();
    for area in [Area::Companies, Area::Devices] {
        let refused = test.portal.tenant::<Manage>(&session, area).map(drop);
        assert_eq!(kind_of(refused).0, Forbidden, "{area}");
    }

    let mapper = test.portal.tenant::<Manage>(&session, Area::Mappings).unwrap();
    let saved = mapper.save_organization(fleet.id, "1", OrganizationChoice::Create, None, false).await;
    assert_eq!(saved.unwrap().company.unwrap().name, "Contoso");
    let saved = mapper.save_location(fleet.id, "11", LocationChoice::Create, None).await.unwrap();
    assert_eq!(saved.location.unwrap().name, "HQ");
    assert_eq!(mapper.quick_create_node_classes(fleet.id).await.unwrap().created, 1);
}
