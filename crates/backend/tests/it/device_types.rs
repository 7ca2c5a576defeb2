use crate::support::{TestPortal, kind_of, refused, search, sort};
use backend::clock::new_id;
use domain::{
    company::DEFAULT_DEVICE_TYPES,
    error::ErrorKind::{Conflict, Invalid, NotFound},
    ids::DeviceTypeId,
    page::ListQuery,
};

on_both!(device_types);

async fn device_types(test: TestPortal) {
    let (tenant, theirs) = (test.admin(), test.stranger().await);
    let list = tenant.device_types(ListQuery::default(), false).await.unwrap();
    let mut expected = DEFAULT_DEVICE_TYPES.to_vec();
    expected.sort_by_key(|name| name.to_lowercase());
    assert_eq!(list.items.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), expected);

    let made = tenant.create_device_type(" Smart  Toaster ").await.unwrap();
    assert_eq!((made.name.as_str(), made.version, made.device_count), ("Smart Toaster", 1, 0));
    assert_eq!(kind_of(tenant.create_device_type("server").await), (Conflict, Some("name".into())));
    assert_eq!(kind_of(tenant.create_device_type("").await), (Invalid, Some("name".into())));
    let found = tenant.device_types(ListQuery { sort: sort("-name").sort, ..search("TOAST") }, false).await;
    assert_eq!(found.unwrap().items, vec![made.clone()]);

    let renamed = tenant.update_device_type(made.id, "Toaster", Some(1)).await.unwrap();
    assert_eq!((renamed.name.as_str(), renamed.version), ("Toaster", 2));
    let late = refused(tenant.update_device_type(made.id, "Kettle", Some(1)).await);
    assert!(late.message.starts_with("Somebody changed this device type"), "{}", late.message);
    assert_eq!(
        kind_of(tenant.update_device_type(made.id, "Server", None).await),
        (Conflict, Some("name".into()))
    );

    assert!(tenant.archive_device_type(made.id, true).await.unwrap().archived);
    tenant.create_device_type("Toaster").await.unwrap();
    assert_eq!(kind_of(tenant.archive_device_type(made.id, false).await), (Conflict, Some("name".into())));

    let nobody = DeviceTypeId(new_id());
    assert_eq!(kind_of(tenant.update_device_type(nobody, "X", None).await), (NotFound, None));
    assert_eq!(kind_of(theirs.update_device_type(made.id, "X", None).await), (NotFound, None));
    assert_eq!(kind_of(theirs.archive_device_type(made.id, true).await), (NotFound, None));
    assert_eq!(theirs.device_types(ListQuery::default(), false).await.unwrap().total, 0);
}
