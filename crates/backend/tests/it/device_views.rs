//! Saved views of the list of devices.

use crate::support::{TestPortal, kind_of};
use backend::{
    clock::new_id,
    devices::ViewInput,
    session::Session,
    tenant::{Access, Manage, Origin, Read},
};
use domain::{
    error::ErrorKind::{Conflict, Forbidden, Invalid, NotFound},
    ids::{TenantId, UserId},
    permissions::Area,
    role::Role,
};

on_both!(own_and_shared);

/// A colleague in the same tenant.
async fn colleague<A: Access>(test: &TestPortal, id: uuid::Uuid, role: Role) -> backend::Tenant<A> {
    let session = Session {
        id: new_id().into(),
        token_hash: Vec::new(),
        tenant_id: tenant_id(test),
        tenant_name: "Northwind MSP".into(),
        user_id: UserId(id),
        user_name: "Kim Colleague".into(),
        email: "kim@northwind.example".into(),
        role: role.into(),
        role_name: role.title().into(),
        permissions: role.permissions(),
        scope: None,
        second_factor_missing: false,
        token: None,
        origin: Origin::default(),
    };
    test.portal.tenant(&session, Area::Devices).unwrap()
}

fn tenant_id(test: &TestPortal) -> TenantId {
    match test.tenant_id() {
        sea_orm::Value::Uuid(Some(id)) => TenantId(id),
        other => panic!("{other:?} is no id"),
    }
}

fn input(name: &str, query: &str, shared: bool) -> ViewInput {
    ViewInput { name: name.into(), query: query.into(), shared }
}

async fn own_and_shared(test: TestPortal) {
    let kim = new_id();
    let insert =
        "INSERT INTO users (id, tenant_id, name, email, email_key, password_hash, role, active, created_at)
        VALUES ($1, $2, 'Kim Colleague', 'kim@x', 'kim@x', 'x', 'read', TRUE, 0)";
    test.execute(insert, vec![kim.into(), test.tenant_id()]).await;
    let (me, kim_reads) = (test.admin(), colleague::<Read>(&test, kim, Role::Read).await);

    let mine = me
        .create_device_view(input(" Offline  laptops ", "?status=offline&page=3&cols=ip", false))
        .await
        .unwrap();
    assert_eq!((mine.name.as_str(), mine.query.as_str()), ("Offline laptops", "status=offline&cols=ip"));
    assert!(mine.mine && !mine.shared && mine.version == 1);
    assert_eq!(
        kind_of(me.create_device_view(input("OFFLINE laptops", "", false)).await),
        (Conflict, Some("name".into()))
    );
    assert_eq!(kind_of(me.create_device_view(input(" ", "", false)).await), (Invalid, Some("name".into())));
    let long = "status=".to_owned() + &"x".repeat(3000);
    assert_eq!(
        kind_of(me.create_device_view(input("Long", &long, false)).await),
        (Invalid, Some("query".into()))
    );

    // Nobody else sees it, by list or by id; a name is taken once per user.
    assert_eq!(kim_reads.device_views().await.unwrap(), []);
    assert_eq!(
        kind_of(kim_reads.update_device_view(mine.id, input("x", "", false), None).await),
        (NotFound, None)
    );
    assert_eq!(kind_of(kim_reads.delete_device_view(mine.id).await), (NotFound, None));
    let hers = kim_reads.create_device_view(input("Offline laptops", "", false)).await.unwrap();
    assert_eq!(me.device_views().await.unwrap(), std::slice::from_ref(&mine));

    // Sharing takes the role for it, and so does what is shared.
    assert_eq!(kind_of(kim_reads.create_device_view(input("All", "", true)).await), (Forbidden, None));
    assert_eq!(
        kind_of(kim_reads.update_device_view(hers.id, input("Hers", "", true), None).await),
        (Forbidden, None)
    );
    let shared =
        me.update_device_view(mine.id, input("Offline", "status=offline", true), Some(1)).await.unwrap();
    assert_eq!((shared.version, shared.shared), (2, true));
    let seen = kim_reads.device_views().await.unwrap();
    assert_eq!(
        seen.iter().map(|v| (v.name.as_str(), v.mine)).collect::<Vec<_>>(),
        [("Offline", false), ("Offline laptops", true)]
    );
    assert_eq!(seen[0].owner, "Sam Owner");
    assert_eq!(
        kind_of(kim_reads.update_device_view(mine.id, input("x", "", true), None).await),
        (Forbidden, None)
    );
    assert_eq!(kind_of(kim_reads.delete_device_view(mine.id).await), (Forbidden, None));
    let kim_manages = colleague::<Manage>(&test, kim, Role::Manage).await;
    let renamed = kim_manages
        .update_device_view(mine.id, input("Dark", "status=offline", true), Some(2))
        .await
        .unwrap();
    assert_eq!((renamed.name.as_str(), renamed.mine, renamed.version), ("Dark", false, 3));

    // Who was slower is told.
    assert_eq!(
        kind_of(me.update_device_view(mine.id, input("Mine", "", true), Some(2)).await),
        (Conflict, None)
    );
    let private = kim_manages.update_device_view(mine.id, input("Dark", "", false), Some(3)).await.unwrap();
    assert!(!private.shared && !private.mine);
    assert_eq!(kim_manages.device_views().await.unwrap().len(), 1);
    me.delete_device_view(mine.id).await.unwrap();
    assert_eq!(me.device_views().await.unwrap(), []);
    assert_eq!(kind_of(me.delete_device_view(mine.id).await), (NotFound, None));
    assert_eq!(test.stranger().await.device_views().await.unwrap(), []);
}
