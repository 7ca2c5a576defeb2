//! Changing the master key: rows by the page, and on from where it was cut off.

use super::at;
use crate::support::{EMAIL, PASSWORD, TestPortal};
use backend::{session::Session, vault::Operator};
use uuid::Uuid;

/// More than two pages of rows.
const USERS: u128 = 110;
/// Rows that are sealed anew before it is cut off: in the middle of the second page.
const DONE: i64 = 70;

#[tokio::test]
async fn a_rotation_that_was_cut_off_goes_on_with_the_rest() {
    let test = TestPortal::open_with(None, |_| {}).await;
    let signed_in = test.portal.sign_in(&at("10.0.0.1"), EMAIL, PASSWORD, None).await.unwrap();
    let owner = test.session(&signed_in).await;
    for n in 0..USERS {
        let id = Uuid::from_u128(0x0190_2222_0000_7000_8000_0000_0000_0000 + n);
        let copy = "INSERT INTO users (id, tenant_id, name, email, email_key, password_hash, role, active, created_at)
            SELECT $1, tenant_id, name, $2, $2, password_hash, role, TRUE, 0 FROM users WHERE email_key = $3";
        test.execute(copy, vec![id.into(), format!("user{n}@northwind.example").into(), EMAIL.into()]).await;
        let session = Session { user_id: id.into(), ..owner.clone() };
        test.portal.begin_second_factor(&session, PASSWORD, None).await.unwrap();
    }
    let cut = format!(
        "CREATE TRIGGER cut_off BEFORE UPDATE ON second_factors
         WHEN (SELECT count(*) FROM second_factors WHERE key_id = NEW.key_id) >= {DONE}
         BEGIN SELECT RAISE(ABORT, 'cut off'); END"
    );
    test.execute(&cut, vec![]).await;
    let operator = Operator::open(&test.config(), None).await.unwrap();
    let rotation = operator.rotate().await.unwrap();
    let key = rotation.key_id.clone();
    assert!(rotation.is_new && rotation.reseal().await.is_err(), "it was cut off");
    drop(rotation);
    let anew = format!("SELECT count(*) AS n FROM second_factors WHERE key_id = '{key}'");
    assert_eq!(test.count(&anew).await, DONE);
    let checked = operator.check().await.unwrap();
    assert!(
        checked.unreadable.is_empty() && checked.by_key.len() == 2,
        "both keys open what they sealed: {:?}",
        checked.by_key
    );

    test.execute("DROP TRIGGER cut_off", vec![]).await;
    let rotation = operator.rotate().await.unwrap();
    assert_eq!((rotation.is_new, &rotation.key_id), (false, &key));
    let rest = rotation.reseal().await.unwrap();
    assert_eq!(
        (i64::try_from(rest.rows).unwrap(), rest.unreadable.len()),
        (i64::try_from(USERS).unwrap() - DONE, 0)
    );
    assert_eq!(test.count(&anew).await, i64::try_from(USERS).unwrap());
    let checked = operator.check().await.unwrap();
    assert!(checked.unreadable.is_empty() && checked.by_key.len() == 1, "{:?}", checked.by_key);
}
