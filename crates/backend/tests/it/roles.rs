//! Roles of a tenant's own: what they allow counts at once, and nobody hands out more than they have.

use crate::{
    support::{EMAIL, PASSWORD, TestPortal, kind_of, refused},
    users::{members, token},
};
use backend::{
    Tenant, TokenInput,
    clock::new_id,
    session::{Session, SignedIn, Visitor},
    tenant::{Admin, Manage, Read},
};
use domain::{
    error::ErrorKind::{Conflict, Forbidden, Invalid, NotFound},
    ids::{IntegrationId, RoleId, UserId},
    integration::DeviceFate,
    permissions::{Area, Level, Permissions},
    role::Role,
    roles::{RoleInput, RoleRef, RoleView},
};
use sea_orm::{ConnectionTrait, TransactionTrait};
use std::time::Duration;

on_both!(
    what_a_role_allows_counts_at_once,
    a_token_allows_what_both_do,
    nobody_hands_out_more_than_they_have,
    nobody_changes_somebody_who_may_more,
    an_administrator_is_left,
    a_role_in_use_is_replaced,
    roles_of_other_tenants_are_out_of_reach,
    a_role_that_is_gone_allows_nothing,
    a_link_is_worth_what_its_maker_may,
    a_token_gets_no_more_by_a_replacement,
    what_belongs_to_somebody_who_may_more_stays,
    a_role_that_changes_meanwhile_counts,
    devices_are_deleted_by_who_may,
);

const ROBIN: &str = "robin@northwind.example";
const KIM: &str = "kim@northwind.example";

const DEVICES: Permissions =
    Permissions::NONE.with(Area::Companies, Level::Read).with(Area::Devices, Level::Manage);
const PEOPLE: Permissions = DEVICES.with(Area::Users, Level::Manage);

fn input(name: &str, permissions: Permissions) -> RoleInput {
    RoleInput { name: name.into(), description: None, permissions }
}

fn id(role: &RoleView) -> RoleId {
    match role.role {
        RoleRef::Custom(id) => id,
        RoleRef::BuiltIn(role) => panic!("{role} is built in"),
    }
}

async fn made(admin: &Tenant<Admin>, name: &str, permissions: Permissions) -> RoleView {
    admin.create_role(input(name, permissions)).await.expect("a role")
}

async fn role(admin: &Tenant<Admin>, name: &str) -> Option<RoleView> {
    admin.roles().await.expect("a list").into_iter().find(|role| role.name == name)
}

/// The owner.
async fn sam(admin: &Tenant<Admin>) -> UserId {
    let sam = members(admin).await.into_iter().find(|m| m.email == EMAIL);
    sam.and_then(|m| m.user_id).expect("the owner")
}

impl TestPortal {
    async fn session_of_user(&self, signed_in: &SignedIn) -> Session {
        self.behind_cookie(signed_in).await.expect("a session")
    }
}

async fn what_a_role_allows_counts_at_once(test: TestPortal) {
    let admin = test.admin();
    let night = made(&admin, "Night shift", DEVICES).await;
    assert_eq!((night.users, night.version), (0, Some(1)));
    let robin = test.joins(&admin, ROBIN, night.role).await;
    assert_eq!((robin.me.role, robin.me.role_name.as_str()), (night.role, "Night shift"));
    assert_eq!(robin.me.permissions, DEVICES);
    let session = test.session_of_user(&robin).await;
    assert!(test.portal.tenant::<Manage>(&session, Area::Devices).is_ok());
    assert!(test.portal.tenant::<Read>(&session, Area::Companies).is_ok());
    let refusal = refused(test.portal.tenant::<Manage>(&session, Area::Companies).map(drop));
    assert_eq!(refusal.kind, Forbidden);
    assert!(refusal.message.contains("manage companies"), "{}", refusal.message);
    assert!(test.portal.is_open(&session).await.unwrap());

    let less = Permissions::NONE.with(Area::Reports, Level::Read);
    let changed = admin.update_role(id(&night), input("Night shift", less), night.version).await.unwrap();
    assert_eq!((changed.permissions, changed.users, changed.version), (less, 1, Some(2)));
    assert!(!test.portal.is_open(&session).await.unwrap(), "what was opened with more goes on");
    assert!(test.behind_cookie(&robin).await.is_none(), "a session outlives what its role allowed");
    let again = test.portal.sign_in(&Visitor::default(), ROBIN, PASSWORD, None).await.unwrap();
    let session = test.session_of_user(&again).await;
    assert_eq!(session.permissions, less);
    assert!(test.portal.tenant::<Read>(&session, Area::Devices).is_err());
    let late = admin.update_role(id(&night), input("Late", DEVICES), night.version).await;
    assert_eq!(kind_of(late).0, Conflict);
    admin.update_role(id(&night), input("Evening shift", less), None).await.unwrap();
    assert!(test.behind_cookie(&again).await.is_some(), "another name signs nobody out");
}

async fn a_token_allows_what_both_do(test: TestPortal) {
    let admin = test.admin();
    let night = made(&admin, "Night shift", DEVICES).await;
    let robin = test.joins(&admin, ROBIN, night.role).await;
    let session = test.session_of_user(&robin).await;
    let own = test.portal.own(&session).unwrap();
    let token = |role: RoleRef| TokenInput { name: format!("As {role}"), role, days: None, companies: None };
    let more = own.create_api_token(&session, token(Role::Read.into())).await;
    assert_eq!(kind_of(more), (Invalid, Some("role".into())));
    let made = own.create_api_token(&session, token(night.role)).await.unwrap();
    assert_eq!((made.token.role, made.token.role_name.as_str()), (night.role, "Night shift"));
    let program = async || {
        let found = test.portal.authenticate_token(&made.secret, &Visitor::default()).await;
        found.expect("an answer").expect("a session")
    };
    let before = program().await;
    assert_eq!(before.permissions, DEVICES);
    assert!(test.portal.is_open(&before).await.unwrap());

    // The user may do other things now: the token keeps to what it has in common with them.
    let reports = DEVICES.with(Area::Devices, Level::Read).with(Area::Reports, Level::Manage);
    let other = admin.create_role(input("Reports", reports)).await.unwrap();
    admin.set_user_role(robin.me.user.id, other.role, None).await.unwrap();
    assert_eq!(program().await.permissions, DEVICES.with(Area::Devices, Level::Read));
    assert!(!test.portal.is_open(&before).await.unwrap());
    let less = Permissions::NONE.with(Area::Companies, Level::Read);
    admin.update_role(id(&night), input("Night shift", less), None).await.unwrap();
    assert_eq!(program().await.permissions, less);
    admin.delete_role(id(&night), None).await.unwrap();
    let gone = test.portal.authenticate_token(&made.secret, &Visitor::default()).await.unwrap();
    assert!(gone.is_none(), "the token outlives its role");
}

async fn nobody_hands_out_more_than_they_have(test: TestPortal) {
    let admin = test.admin();
    let people = made(&admin, "People", PEOPLE).await;
    let robin = test.joins(&admin, ROBIN, people.role).await;
    let kim = test.joins(&admin, KIM, people.role).await.me.user.id;
    let robins = test.admin_of(&robin).await;
    let more = PEOPLE.with(Area::Integrations, Level::Read);
    let large = made(&admin, "Large", more).await;
    let refusals = [
        robins.create_role(input("Larger", more)).await.map(drop),
        robins.update_role(id(&people), input("People", more), None).await.map(drop),
        robins.update_role(id(&large), input("Large", DEVICES), None).await.map(drop),
        robins.delete_role(id(&large), None).await,
        robins.delete_role(id(&people), Some(large.role)).await,
        robins.invite_user("lee@northwind.example", Role::Read, None).await.map(drop),
        robins.invite_user("lee@northwind.example", large.role, None).await.map(drop),
        robins.set_user_role(kim, Role::Admin, None).await.map(drop),
        robins.set_user_role(robin.me.user.id, large.role, None).await.map(drop),
    ];
    for (n, refusal) in refusals.into_iter().enumerate() {
        let refusal = refused(refusal);
        assert_eq!(refusal.kind, Forbidden, "{n}: {}", refusal.message);
        assert!(
            refusal.message.contains("may view") || refusal.message.contains("may manage"),
            "{n}: {}",
            refusal.message
        );
    }
    let smaller = robins.create_role(input("Devices", DEVICES)).await.expect("a smaller role");
    assert_eq!(robins.set_user_role(kim, smaller.role, None).await.unwrap().role, smaller.role);
    robins.invite_user("lee@northwind.example", smaller.role, None).await.expect("an invitation");
}

async fn nobody_changes_somebody_who_may_more(test: TestPortal) {
    let admin = test.admin();
    let people = made(&admin, "People", PEOPLE).await;
    let robin = test.joins(&admin, ROBIN, people.role).await;
    let kim = test.joins(&admin, KIM, Role::Admin).await.me.user.id;
    let (robins, session) = (test.admin_of(&robin).await, test.session_of_user(&robin).await);
    let refusals = [
        robins.set_user_role(kim, people.role, None).await.map(drop),
        robins.deactivate_user(kim).await.map(drop),
        robins.reset_user_password(kim).await.map(drop),
        robins.reset_second_factor(kim, &session).await,
        robins.transfer_ownership(kim).await,
    ];
    for (n, refusal) in refusals.into_iter().enumerate() {
        assert_eq!(refused(refusal).kind, Forbidden, "{n}");
    }
    let seen = members(&robins).await;
    let may_change: Vec<&str> = seen.iter().filter(|m| m.may_change).map(|m| m.name.as_str()).collect();
    assert_eq!(may_change, ["robin"]);
    assert!(members(&admin).await.iter().all(|m| m.may_change));
}

async fn an_administrator_is_left(test: TestPortal) {
    let admin = test.admin();
    let (everything, sam) = (made(&admin, "Everything", Permissions::ALL).await, sam(&admin).await);
    let robin = test.joins(&admin, ROBIN, Role::Admin).await;
    let kim = test.joins(&admin, KIM, everything.role).await;
    test.execute("UPDATE users SET owner = FALSE", vec![]).await;
    let kims = test.admin_of(&kim).await;
    kims.set_user_role(sam, everything.role, None)
        .await
        .expect("a custom role may take an administrator's place");
    let robin = robin.me.user.id;
    for refusal in [kims.set_user_role(robin, everything.role, None).await, kims.deactivate_user(robin).await]
    {
        let refusal = refused(refusal);
        assert_eq!(refusal.kind, Conflict);
        assert!(refusal.message.contains("last administrator"), "{}", refusal.message);
    }
}

async fn a_role_in_use_is_replaced(test: TestPortal) {
    let admin = test.admin();
    let night = made(&admin, "Night shift", DEVICES).await;
    for wrong in ["night SHIFT", "Administrator", ""] {
        let taken = admin.create_role(input(wrong, DEVICES)).await;
        assert_eq!(kind_of(taken).1, Some("name".into()), "{wrong:?}");
    }
    let alone = Permissions::NONE.with(Area::Devices, Level::Read);
    let incomplete = admin.create_role(input("Alone", alone)).await;
    assert_eq!(kind_of(incomplete), (Invalid, Some("permissions".into())));
    let robin = test.joins(&admin, ROBIN, night.role).await;
    admin.invite_user(KIM, night.role, None).await.unwrap();
    assert_eq!(role(&admin, "Night shift").await.map(|role| role.users), Some(2));
    let in_use = refused(admin.delete_role(id(&night), None).await);
    assert_eq!(in_use.kind, Conflict);
    assert!(in_use.message.contains("robin") && in_use.message.contains(KIM), "{}", in_use.message);
    assert_eq!(kind_of(admin.delete_role(id(&night), Some(night.role)).await).0, Invalid);
    assert!(test.behind_cookie(&robin).await.is_some());

    admin.delete_role(id(&night), Some(Role::Read.into())).await.unwrap();
    assert!(test.behind_cookie(&robin).await.is_none(), "a session goes on with the old role");
    assert!(role(&admin, "Night shift").await.is_none());
    let roles: Vec<_> = members(&admin).await.into_iter().map(|m| (m.called().to_owned(), m.role)).collect();
    for name in ["robin", KIM] {
        assert!(roles.contains(&(name.to_owned(), Role::Read.into())), "{roles:?}");
    }
    assert_eq!(kind_of(admin.delete_role(id(&night), None).await).0, NotFound);
}

async fn roles_of_other_tenants_are_out_of_reach(test: TestPortal) {
    let (admin, stranger) = (test.admin(), test.stranger().await);
    let night = made(&admin, "Night shift", DEVICES).await;
    assert!(role(&stranger, "Night shift").await.is_none());
    let robin = test.joins(&admin, ROBIN, night.role).await.me.user.id;
    let theirs = made(&stranger, "Night shift", DEVICES).await;
    assert_ne!(theirs.role, night.role);
    for refusal in [
        stranger.update_role(id(&night), input("Ours", DEVICES), None).await.map(drop),
        stranger.delete_role(id(&night), None).await,
        stranger.delete_role(id(&theirs), Some(night.role)).await,
        stranger.invite_user("lee@northwind.example", night.role, None).await.map(drop),
        admin.set_user_role(robin, theirs.role, None).await.map(drop),
    ] {
        assert_eq!(kind_of(refusal).0, NotFound);
    }
}

async fn a_role_that_is_gone_allows_nothing(test: TestPortal) {
    let admin = test.admin();
    let night = made(&admin, "Night shift", DEVICES).await;
    let robin = test.joins(&admin, ROBIN, night.role).await;
    test.execute("DELETE FROM roles", vec![]).await;
    assert_eq!(test.session_of_user(&robin).await.permissions, Permissions::NONE);
}

/// What was handed out before a right was taken away, or before somebody got more, is worth nothing then.
async fn a_link_is_worth_what_its_maker_may(test: TestPortal) {
    let (admin, nobody) = (test.admin(), Visitor::default());
    let people = made(&admin, "People", PEOPLE).await;
    let small = made(&admin, "Small", DEVICES).await;
    let robin = test.joins(&admin, ROBIN, people.role).await.me.user.id;
    let kim = test.joins(&admin, KIM, small.role).await.me.user.id;
    let session = async || test.portal.sign_in(&nobody, ROBIN, PASSWORD, None).await.expect("signed in");
    let robins = async || test.admin_of(&session().await).await;
    // Who looks at a link is told the same as who uses it.
    let looked = async |link: &_| kind_of(test.portal.link_state(&nobody, &token(link)).await).0;
    let chosen = async |link: &_| {
        assert_eq!(looked(link).await, NotFound);
        kind_of(test.portal.choose_password(&nobody, &token(link), "another long password").await).0
    };
    let accepted = async |link: &_| {
        assert_eq!(looked(link).await, NotFound);
        kind_of(test.portal.accept_invitation(&nobody, &token(link), "Lee", PASSWORD).await.map(drop)).0
    };

    // Kim gets more.
    let link = robins().await.reset_user_password(kim).await.unwrap();
    admin.set_user_role(kim, Role::Admin, None).await.unwrap();
    assert_eq!(chosen(&link).await, NotFound, "an administrator's password is chosen by Robin");
    // The role that Lee is invited to does, and Kim's.
    admin.set_user_role(kim, small.role, None).await.unwrap();
    let reset = robins().await.reset_user_password(kim).await.unwrap();
    let invited = robins().await.invite_user("lee@northwind.example", small.role, None).await.unwrap();
    let more = DEVICES.with(Area::Integrations, Level::Manage);
    admin.update_role(id(&small), input("Small", more), None).await.unwrap();
    assert_eq!((chosen(&reset).await, accepted(&invited).await), (NotFound, NotFound));
    // Robin may less: in the role, by a limit, by another role.
    admin.update_role(id(&small), input("Small", DEVICES), None).await.unwrap();
    let links = async || {
        let robins = robins().await;
        let reset = robins.reset_user_password(kim).await.unwrap();
        (reset, robins.invite_user("lee@northwind.example", small.role, None).await.unwrap())
    };
    let (reset, invited) = links().await;
    admin.update_role(id(&people), input("People", DEVICES), None).await.unwrap();
    assert_eq!((chosen(&reset).await, accepted(&invited).await), (NotFound, NotFound));
    admin.update_role(id(&people), input("People", PEOPLE), None).await.unwrap();
    let (reset, invited) = links().await;
    admin.set_user_companies(robin, Some(Vec::new()), None).await.unwrap();
    assert_eq!((chosen(&reset).await, accepted(&invited).await), (NotFound, NotFound));
    admin.set_user_companies(robin, None, None).await.unwrap();
    admin.set_user_role(robin, Role::Admin, None).await.unwrap();
    let own = robins().await.invite_user("robin2@northwind.example", Role::Admin, None).await.unwrap();
    admin.set_user_role(robin, people.role, None).await.unwrap();
    assert_eq!(accepted(&own).await, NotFound, "Robin is an administrator again");
    // Nothing of that happened to what is in order.
    let (reset, invited) = links().await;
    test.portal.choose_password(&nobody, &token(&reset), "another long password").await.expect("chosen");
    test.portal.accept_invitation(&nobody, &token(&invited), "Lee", PASSWORD).await.expect("a user");
}

async fn a_token_gets_no_more_by_a_replacement(test: TestPortal) {
    let admin = test.admin();
    let robin = test.joins(&admin, ROBIN, Role::Admin).await;
    let session = test.session_of_user(&robin).await;
    for (replacement, kept) in [(Role::Admin, false), (Role::Read, true)] {
        let manage = Role::Manage.permissions();
        let export = made(&admin, "Export", if kept { manage } else { DEVICES }).await;
        let input = TokenInput { name: "Nightly".into(), role: export.role, days: None, companies: None };
        let secret =
            test.portal.own(&session).unwrap().create_api_token(&session, input).await.unwrap().secret;
        admin.delete_role(id(&export), Some(replacement.into())).await.unwrap();
        let program = test.portal.authenticate_token(&secret, &Visitor::default()).await.unwrap();
        let may = program.map(|program| program.permissions);
        assert_eq!(may, kept.then(|| Role::Read.permissions()), "{replacement}");
    }
}

async fn what_belongs_to_somebody_who_may_more_stays(test: TestPortal) {
    let admin = test.admin();
    let people = made(&admin, "People", PEOPLE).await;
    let robin = test.joins(&admin, ROBIN, people.role).await;
    let kim = test.joins(&admin, KIM, Role::Admin).await;
    let (robins, session) = (test.admin_of(&robin).await, test.session_of_user(&robin).await);
    let kims = test.session_of_user(&kim).await;
    let input = TokenInput { name: "Nightly".into(), role: Role::Read.into(), days: None, companies: None };
    let made = test.portal.own(&kims).unwrap().create_api_token(&kims, input).await.unwrap();
    admin.invite_user("lee@northwind.example", Role::Admin, None).await.unwrap();
    let invitation = members(&admin).await.into_iter().find_map(|m| m.invitation_id).expect("an invitation");
    let refusals = [
        robins.sessions_of(kim.me.user.id, &session).await.map(drop),
        robins.revoke_sessions_of(kim.me.user.id, &session).await.map(drop),
        robins.revoke_session(kims.id).await,
        robins.revoke_api_token(made.token.id).await,
        robins.invite_user("lee@northwind.example", people.role, None).await.map(drop),
        robins.withdraw_invitation(invitation).await,
    ];
    for (n, refusal) in refusals.into_iter().enumerate() {
        assert_eq!(refused(refusal).kind, Forbidden, "{n}");
    }
    assert!(test.portal.is_open(&kims).await.unwrap());
    assert!(test.portal.authenticate_token(&made.secret, &Visitor::default()).await.unwrap().is_some());
}

/// Somebody gets more rights while somebody else ends what is theirs.
async fn a_role_that_changes_meanwhile_counts(test: TestPortal) {
    let admin = test.admin();
    let people = made(&admin, "People", PEOPLE).await;
    let robin = test.joins(&admin, ROBIN, people.role).await;
    let kim = test.joins(&admin, KIM, people.role).await;
    let (robins, session) = (test.admin_of(&robin).await, test.session_of_user(&robin).await);
    let kims = test.session_of_user(&kim).await;
    let input = TokenInput { name: "Nightly".into(), role: people.role, days: None, companies: None };
    let made = test.portal.own(&kims).unwrap().create_api_token(&kims, input).await.unwrap();
    let elsewhere = test.elsewhere().await;
    for n in 0..3 {
        let tx = elsewhere.begin().await.unwrap();
        for update in [
            "UPDATE tenants SET name = name",
            "UPDATE users SET role = 'admin', role_id = NULL WHERE email = 'kim@northwind.example'",
        ] {
            tx.execute_unprepared(update).await.unwrap();
        }
        let ends = async {
            match n {
                0 => robins.revoke_session(kims.id).await,
                1 => robins.revoke_sessions_of(kim.me.user.id, &session).await.map(drop),
                _ => robins.revoke_api_token(made.token.id).await,
            }
        };
        let changes = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            tx.commit().await.unwrap();
        };
        let (ended, ()) = futures::join!(ends, changes);
        assert_eq!(refused(ended).kind, Forbidden, "{n}");
        admin.set_user_role(kim.me.user.id, Role::Admin, None).await.unwrap();
        let RoleRef::Custom(role) = people.role else { panic!("a role of their own") };
        let back = "UPDATE users SET role = 'custom', role_id = $1 WHERE email = $2";
        test.execute(back, vec![role.0.into(), KIM.into()]).await;
    }
}

async fn devices_are_deleted_by_who_may(test: TestPortal) {
    let admin = test.admin();
    let only = made(&admin, "Only", Permissions::NONE.with(Area::Integrations, Level::Manage)).await;
    let robin = test.joins(&admin, ROBIN, only.role).await;
    let session = test.session_of_user(&robin).await;
    let robins = test.portal.tenant::<Admin>(&session, Area::Integrations).unwrap();
    let gone = IntegrationId(new_id());
    for (fate, kind) in [(DeviceFate::Remove, Forbidden), (DeviceFate::Keep, NotFound)] {
        assert_eq!(refused(robins.delete_integration(gone, "NinjaOne", fate).await).kind, kind);
    }
}
