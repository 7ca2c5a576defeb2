//! Node classes and the device types of their devices.

use crate::{
    staged::Staged,
    support::{TestPortal, kind_of, search},
};
use domain::{
    error::ErrorKind::{Conflict, Invalid, NotFound},
    ids::DeviceTypeId,
    mapping::{NodeClassChoice, NodeClassMatchResult, NodeClassRow},
    page::ListQuery,
};

on_both!(save, quick, strangers);

async fn class(staged: &Staged<'_>, name: &str) -> NodeClassRow {
    let rows = staged.admin().node_classes(staged.id).await.unwrap().items;
    rows.into_iter().find(|r| r.node_class == name).expect(name)
}

async fn type_id(staged: &Staged<'_>, name: &str) -> DeviceTypeId {
    let types = staged.admin().device_types(search(name), false).await.unwrap().items;
    types.into_iter().find(|t| t.name == name).expect(name).id
}

async fn save(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let (tenant, it) = (staged.admin(), staged.id);
    staged.organization("1", "Contoso", 3).await;
    for id in ["a", "b", "c", "d"] {
        staged.device(id, "1", None, "MAC").await;
    }
    staged.lose("remote_devices", "d").await;
    staged.device("e", "2", None, "MAC").await;
    let company = staged.company("Contoso").await;
    let mac = class(&staged, "MAC").await;
    assert_eq!((mac.device_count, mac.ready_count, mac.version, mac.device_type), (4, 0, 0, None));

    let laptop = type_id(&staged, "Laptop").await;
    let choose = NodeClassChoice { device_type_id: Some(laptop), ..NodeClassChoice::default() };
    let chosen = tenant.save_node_class(it, "MAC", choose.clone()).await.unwrap();
    assert_eq!((chosen.device_type.unwrap().id, chosen.auto_sync, chosen.version), (laptop, false, 1));
    assert_eq!(class(&staged, "MAC").await.ready_count, 0, "no organization is mapped");
    staged.link("1", company).await;
    assert_eq!(class(&staged, "MAC").await.ready_count, 3);

    let auto = NodeClassChoice { auto_sync: Some(true), ..NodeClassChoice::default() };
    let auto = tenant.save_node_class(it, "MAC", auto).await.unwrap();
    assert_eq!((auto.auto_sync, auto.device_type.map(|t| t.id)), (true, Some(laptop)), "the rest stays");
    let ignore = NodeClassChoice { ignore: Some(true), ..NodeClassChoice::default() };
    let ignored = tenant.save_node_class(it, "MAC", ignore).await.unwrap();
    assert_eq!((ignored.ignored, ignored.ready_count), (true, 0));
    let again = tenant.save_node_class(it, "MAC", choose.clone()).await.unwrap();
    assert_eq!(
        (again.ignored, again.ready_count, again.version),
        (false, 3, 4),
        "a choice takes it up again"
    );

    let late = NodeClassChoice { version: Some(3), ..choose.clone() };
    assert_eq!(
        kind_of(tenant.save_node_class(it, "MAC", late).await),
        (Conflict, None),
        "somebody was faster"
    );
    let present = NodeClassChoice { version: Some(4), ..choose.clone() };
    assert_eq!(tenant.save_node_class(it, "MAC", present).await.unwrap().version, 5);
    let both = NodeClassChoice { unmap: Some(true), ..choose.clone() };
    assert_eq!(kind_of(tenant.save_node_class(it, "MAC", both).await), (Invalid, Some("unmap".into())));
    let unmap = NodeClassChoice { unmap: Some(true), ..NodeClassChoice::default() };
    assert_eq!(tenant.save_node_class(it, "MAC", unmap).await.unwrap().device_type, None);
    assert_eq!(kind_of(tenant.save_node_class(it, "NOPE", choose.clone()).await), (NotFound, None));
    tenant.save_node_class(it, "MAC", choose.clone()).await.unwrap();
    tenant.archive_device_type(laptop, true).await.unwrap();
    assert_eq!(class(&staged, "MAC").await.device_type, None, "an archived type maps nothing");
    let archived = kind_of(tenant.save_node_class(it, "MAC", choose).await);
    assert_eq!(archived, (Invalid, Some("device_type_id".into())));
}

async fn quick(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let (tenant, it) = (staged.admin(), staged.id);
    let classes = ["WINDOWS_WORKSTATION", "WINDOWS_SERVER", "ZX_SPECIAL_GADGET", "LINUX_SERVER"];
    for (n, class) in classes.iter().enumerate() {
        staged.device(&n.to_string(), "1", None, class).await;
    }
    let ignore = NodeClassChoice { ignore: Some(true), ..NodeClassChoice::default() };
    tenant.save_node_class(it, "LINUX_SERVER", ignore).await.unwrap();
    let types = tenant.device_types(ListQuery::default(), false).await.unwrap().total;

    let matched = tenant.quick_match_node_classes(it).await.unwrap();
    assert_eq!(matched, NodeClassMatchResult { mapped: 2, created: 0 });
    assert_eq!(class(&staged, "WINDOWS_WORKSTATION").await.device_type.unwrap().name, "Workstation");
    assert_eq!(class(&staged, "WINDOWS_SERVER").await.device_type.unwrap().name, "Server");
    assert_eq!(class(&staged, "ZX_SPECIAL_GADGET").await.device_type, None);
    let ignored = class(&staged, "LINUX_SERVER").await;
    assert_eq!((ignored.ignored, ignored.device_type, ignored.version), (true, None, 1));
    assert_eq!(tenant.quick_match_node_classes(it).await.unwrap(), NodeClassMatchResult::default());

    let created = tenant.quick_create_node_classes(it).await.unwrap();
    assert_eq!(created, NodeClassMatchResult { mapped: 1, created: 1 });
    assert!(class(&staged, "ZX_SPECIAL_GADGET").await.device_type.is_some());
    assert_eq!(tenant.device_types(ListQuery::default(), false).await.unwrap().total, types + 1);
    assert_eq!(tenant.quick_create_node_classes(it).await.unwrap(), NodeClassMatchResult::default());

    let unmap = NodeClassChoice { unmap: Some(true), ..NodeClassChoice::default() };
    tenant.save_node_class(it, "ZX_SPECIAL_GADGET", unmap).await.unwrap();
    let again = tenant.quick_create_node_classes(it).await.unwrap();
    assert_eq!(again, NodeClassMatchResult { mapped: 1, created: 0 }, "a type of that name is used again");
}

async fn strangers(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let (theirs, it) = (test.stranger().await, staged.id);
    staged.device("1", "1", None, "MAC").await;
    assert_eq!(kind_of(theirs.node_classes(it).await), (NotFound, None));
    assert_eq!(kind_of(theirs.quick_match_node_classes(it).await), (NotFound, None));
    assert_eq!(kind_of(theirs.quick_create_node_classes(it).await), (NotFound, None));
    assert_eq!(
        kind_of(theirs.save_node_class(it, "MAC", NodeClassChoice::default()).await),
        (NotFound, None)
    );
    let laptop = type_id(&staged, "Laptop").await;
    let foreign = NodeClassChoice { device_type_id: Some(laptop), ..NodeClassChoice::default() };
    staged
        .test
        .execute(
            "INSERT INTO device_types (id, tenant_id, name, name_key, version, created_at, updated_at)
        SELECT $1, id, 'Foreign', 'foreign', 1, 0, 0 FROM tenants WHERE name = 'Strangers'",
            vec![backend::clock::new_id().into()],
        )
        .await;
    assert!(staged.admin().save_node_class(it, "MAC", foreign).await.is_ok());
    let theirs = theirs.device_types(ListQuery::default(), false).await.unwrap().items.remove(0).id;
    let stolen = NodeClassChoice { device_type_id: Some(theirs), ..NodeClassChoice::default() };
    let refused = kind_of(staged.admin().save_node_class(it, "MAC", stolen).await);
    assert_eq!(refused, (NotFound, Some("device_type_id".into())));
}
