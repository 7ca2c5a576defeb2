//! A tenant that requires a second factor of everybody.

use super::{at, code, refusal, returning, switched_on};
use crate::support::{EMAIL, PASSWORD, TestPortal, kind_of, refused};
use backend::{
    TokenInput,
    session::{Session, SignedIn, Visitor},
    tenant::{Admin, Read},
};
use domain::{
    audit::{AuditAction, AuditFilter},
    error::ErrorKind::{Conflict, Forbidden, Invalid, Unauthenticated},
    page::ListQuery,
    permissions::Area,
    role::Role,
};

on_both!(
    who_has_none_can_do_nothing_else,
    programs_of_who_has_none_are_refused,
    nobody_switches_it_off_then,
    recovery_codes_are_renewed_all_the_same,
    another_app_takes_its_place_all_the_same,
    it_is_for_administrators_with_one_of_their_own,
);

const ROBIN: &str = "robin@northwind.example";

/// The owner, with a second factor and the rule in force; and Robin, who was signed in before.
async fn in_force(test: &TestPortal) -> (Session, SignedIn, String) {
    test.portal.add_user("Robin User", ROBIN, PASSWORD, Role::Manage).await.unwrap();
    let robin = test.portal.sign_in(&at("10.0.0.2"), ROBIN, PASSWORD, None).await.unwrap();
    let owner = test.signs_in(&at("10.0.0.1")).await;
    let (key, _) = switched_on(test, &owner).await;
    let session = test.session(&owner).await;
    let admin = test.portal.tenant::<Admin>(&session, Area::Users).unwrap();
    assert_eq!(admin.user_rules().await.unwrap().without_second_factor, 1);
    assert!(admin.require_second_factor(true, &session).await.unwrap().second_factor_required);
    (session, robin, key)
}

fn reads(test: &TestPortal, session: &Session) -> backend::Result<()> {
    test.portal.tenant::<Read>(session, Area::Devices).map(drop)
}

async fn who_has_none_can_do_nothing_else(test: TestPortal) {
    let (owner, robin, _) = in_force(&test).await;
    reads(&test, &owner).unwrap();
    let session = test.session(&robin).await;
    assert!(session.second_factor_missing && session.me().second_factor_missing);
    assert_eq!(kind_of(reads(&test, &session)), (Forbidden, None));
    assert!(refused(reads(&test, &session)).message.contains("Set yours up first"));
    assert!(!test.portal.is_open(&session).await.unwrap(), "streams end");
    // Signing in again helps nobody; to set it up does.
    let again = test.portal.sign_in(&at("10.0.0.2"), ROBIN, PASSWORD, None).await.unwrap();
    assert!(again.me.second_factor_missing);
    let session = test.session(&again).await;
    assert_eq!(kind_of(reads(&test, &session)).0, Forbidden);
    let setup = test.portal.begin_second_factor(&session, PASSWORD, None).await.unwrap();
    assert_eq!(kind_of(reads(&test, &session)).0, Forbidden, "begun is not done");
    test.portal.confirm_second_factor(&session, &code(&test, &setup.key, 0)).await.unwrap();
    let session = test.session(&again).await;
    assert!(!session.second_factor_missing && test.portal.is_open(&session).await.unwrap());
    reads(&test, &session).unwrap();
    // Reset by somebody else, they begin anew.
    let admin = test.portal.tenant::<Admin>(&owner, Area::Users).unwrap();
    admin.reset_second_factor(session.user_id, &owner).await.unwrap();
    let reset = test.portal.sign_in(&at("10.0.0.2"), ROBIN, PASSWORD, None).await.unwrap();
    assert!(reset.me.second_factor_missing);
    admin.require_second_factor(false, &owner).await.unwrap();
    reads(&test, &test.session(&reset).await).unwrap();
}

async fn programs_of_who_has_none_are_refused(test: TestPortal) {
    let (owner, robin, _) = in_force(&test).await;
    let admin = test.portal.tenant::<Admin>(&owner, Area::Users).unwrap();
    admin.require_second_factor(false, &owner).await.unwrap();
    let session = test.session(&robin).await;
    let input = TokenInput { name: "Nightly".into(), role: Role::Read.into(), days: None, companies: None };
    let tenant = test.portal.tenant::<Read>(&session, Area::Devices).unwrap();
    let token = tenant.create_api_token(&session, input).await.unwrap().secret;
    let program =
        || async { test.portal.authenticate_token(&token, &Visitor::default()).await.unwrap().unwrap() };
    let before = program().await;
    reads(&test, &before).unwrap();
    admin.require_second_factor(true, &owner).await.unwrap();
    let message = refused(reads(&test, &program().await)).message;
    assert!(message.contains("The user of this API token"), "{message}");
    assert!(!test.portal.is_open(&before).await.unwrap());
}

async fn nobody_switches_it_off_then(test: TestPortal) {
    let (owner, _, key) = in_force(&test).await;
    let remove = || {
        test.clock.advance(30);
        let code = code(&test, &key, 0);
        let (portal, owner) = (test.portal.clone(), owner.clone());
        async move { portal.remove_second_factor(&owner, PASSWORD, &code).await }
    };
    assert_eq!(kind_of(remove().await), (Conflict, None));
    let admin = test.portal.tenant::<Admin>(&owner, Area::Users).unwrap();
    admin.require_second_factor(false, &owner).await.unwrap();
    remove().await.unwrap();
    // Without one of their own, nobody locks themselves out.
    assert_eq!(kind_of(admin.require_second_factor(true, &owner).await), (Conflict, None));
}

/// What a code of the second factor is worth for signing in.
async fn signs_in(test: &TestPortal, code: &str) -> bool {
    let found = test.portal.sign_in(&at("10.0.0.1"), EMAIL, PASSWORD, Some(code)).await;
    match found {
        Ok(_) => true,
        Err(_) => {
            assert_eq!(refusal(found).field.as_deref(), Some("code"));
            false
        }
    }
}

async fn noted(test: &TestPortal, action: AuditAction) -> i64 {
    let filter = AuditFilter { action: Some(action), ..AuditFilter::default() };
    test.admin().audit_events(ListQuery::default(), filter).await.unwrap().total
}

async fn recovery_codes_are_renewed_all_the_same(test: TestPortal) {
    let (owner, robin, key) = in_force(&test).await;
    let renew =
        async |password: &str, code: &str| test.portal.renew_recovery_codes(&owner, password, code).await;
    for wrong in ["12345", ""] {
        assert_eq!(kind_of(renew(PASSWORD, wrong).await), (Invalid, Some("code".into())));
    }
    let right = code(&test, &key, 0);
    assert_eq!(kind_of(renew("not the password", &right).await), (Invalid, Some("password".into())));
    let first = renew(PASSWORD, &right).await.unwrap();
    assert_eq!((first.len(), test.portal.second_factor(&owner).await.unwrap().recovery_codes), (10, 10));
    // One of them makes new ones: those of before are worth nothing, and the app counts as ever.
    let second = renew(PASSWORD, &first[0]).await.unwrap();
    assert!(!signs_in(&test, &first[1]).await);
    assert!(signs_in(&test, &second[0]).await);
    test.clock.advance(60);
    assert!(signs_in(&test, &code(&test, &key, 0)).await);
    assert_eq!(noted(&test, AuditAction::RecoveryCodesRenewed).await, 2);
    let without = test.session(&robin).await;
    let refused = test.portal.renew_recovery_codes(&without, PASSWORD, "12345").await;
    assert_eq!(kind_of(refused), (Conflict, None), "Robin has none");
    // A session that ends while it waits for its turn changes nothing.
    test.execute("DELETE FROM sessions WHERE id = $1", vec![owner.id.0.into()]).await;
    test.clock.advance(60);
    let late = renew(PASSWORD, &code(&test, &key, 0)).await;
    assert_eq!(kind_of(late), (Unauthenticated, None));
    assert_eq!(
        kind_of(test.portal.remove_second_factor(&owner, PASSWORD, &second[2]).await).0,
        Unauthenticated
    );
    assert!(signs_in(&test, &second[1]).await, "the codes are those of before");
}

async fn another_app_takes_its_place_all_the_same(test: TestPortal) {
    let (owner, _, key) = in_force(&test).await;
    let begin = async |code: &str| test.portal.begin_second_factor(&owner, PASSWORD, Some(code)).await;
    let without = test.portal.begin_second_factor(&owner, PASSWORD, None).await;
    for wrong in [without, begin("").await, begin("12345").await] {
        assert_eq!(kind_of(wrong), (Invalid, Some("code".into())));
    }
    let codes = test.portal.renew_recovery_codes(&owner, PASSWORD, &code(&test, &key, 0)).await.unwrap();
    // Who has lost the phone has a recovery code; what was begun last counts.
    begin(&codes[0]).await.unwrap();
    test.clock.advance(60);
    let new = begin(&code(&test, &key, 0)).await.unwrap();
    test.clock.advance(60);
    let old = code(&test, &key, 0);
    let confirm = async |code: &str| test.portal.confirm_second_factor(&owner, code).await;
    assert_eq!(kind_of(confirm(&old).await), (Invalid, Some("code".into())), "not a code of the new one");
    assert!(signs_in(&test, &old).await, "begun is not done");
    let renewed = confirm(&code(&test, &new.key, 0)).await.unwrap();
    assert_eq!(noted(&test, AuditAction::SecondFactorReplaced).await, 1);
    let state = test.portal.second_factor(&owner).await.unwrap();
    assert_eq!((state.on, state.since, state.recovery_codes), (true, Some(test.portal.now()), 10));
    assert_eq!(test.count("SELECT count(*) FROM sessions").await, 2, "the owner's own one, and Robin's");

    test.clock.advance(60);
    for gone in [&code(&test, &key, 0), &codes[1]] {
        assert!(!signs_in(&test, gone).await);
    }
    assert!(signs_in(&test, &code(&test, &new.key, 0)).await && signs_in(&test, &renewed[0]).await);
    assert_eq!(kind_of(confirm("123456").await), (Conflict, None), "nothing is begun");
    // What was begun is over after an hour.
    let late = begin(&renewed[1]).await.unwrap();
    test.clock.advance(3601);
    assert_eq!(kind_of(confirm(&code(&test, &late.key, 0)).await), (Conflict, None));
}

async fn it_is_for_administrators_with_one_of_their_own(test: TestPortal) {
    let owner = test.signs_in(&at("10.0.0.1")).await;
    let session = test.session(&owner).await;
    let admin = test.portal.tenant::<Admin>(&session, Area::Users).unwrap();
    assert_eq!(kind_of(admin.require_second_factor(true, &session).await), (Conflict, None));
    let stranger = test.stranger().await;
    switched_on(&test, &owner).await;
    for required in [true, true, false, false] {
        let rules = admin.require_second_factor(required, &session).await.unwrap();
        assert_eq!(rules.second_factor_required, required);
    }
    let rule = AuditFilter { action: Some(AuditAction::SecondFactorRuleChanged), ..AuditFilter::default() };
    assert_eq!(
        admin.audit_events(ListQuery::default(), rule).await.unwrap().total,
        2,
        "changes alone are events"
    );
    admin.require_second_factor(true, &session).await.unwrap();
    assert!(!stranger.user_rules().await.unwrap().second_factor_required, "each tenant has its own");
    let back = returning("10.0.0.1", &owner);
    assert!(refusal(test.portal.sign_in(&back, EMAIL, PASSWORD, None).await).message.contains("code"));
}
