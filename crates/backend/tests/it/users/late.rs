//! Somebody who is out by the time that a change of theirs has its turn.

use super::{ROBIN, members, token};
use crate::{
    rig::{Engine, Rig},
    support::{PASSWORD, TestPortal, kind_of, refused},
};
use backend::{
    TokenInput,
    session::{SignedIn, Visitor},
};
use domain::{
    error::ErrorKind::{self, Forbidden, Unauthenticated},
    ids::UserId,
    integration::ConnectInput,
    permissions::Permissions,
    role::Role,
    roles::RoleInput,
};
use sea_orm::{ConnectionTrait, TransactionTrait};
use simulator::FleetSpec;
use std::time::Duration;

on_both!(who_is_out_by_now_changes_nothing, who_waits_for_what_shuts_them_out_is_out);
on_engines!(who_is_out_by_now_connects_nothing);

const KIM: &str = "kim@northwind.example";

fn left_behind() -> TokenInput {
    TokenInput { name: "Left behind".into(), role: Role::Read.into(), days: None, companies: None }
}

/// Ways to end what Robin may do, and whether Robin is signed in still.
#[derive(Clone, Copy, Debug)]
enum Way {
    Deactivated,
    NewPassword,
    SignedOut,
    Inactive,
    Demoted,
    Limited,
}

impl Way {
    const ALL: [Self; 6] =
        [Self::Deactivated, Self::NewPassword, Self::SignedOut, Self::Inactive, Self::Demoted, Self::Limited];

    async fn happens(self, test: &TestPortal, robin: UserId, signed_in: &SignedIn) {
        let admin = test.admin();
        match self {
            // Who is let in again has no session either.
            Self::Deactivated => {
                admin.deactivate_user(robin).await.unwrap();
                admin.activate_user(robin).await.unwrap();
            }
            Self::NewPassword => {
                let link = admin.reset_user_password(robin).await.unwrap();
                let chosen = test.portal.choose_password(&Visitor::default(), &token(&link), PASSWORD).await;
                chosen.unwrap();
            }
            Self::SignedOut => {
                let session = test.behind_cookie(signed_in).await.expect("a session");
                test.portal.sign_out(&session).await.unwrap();
            }
            Self::Inactive => self.set(test, "active = FALSE", robin).await,
            Self::Demoted => self.set(test, "role = 'manage'", robin).await,
            Self::Limited => self.set(test, "restricted = TRUE", robin).await,
        }
    }

    /// How Robin is refused then.
    fn kind(self) -> ErrorKind {
        if matches!(self, Self::Demoted | Self::Limited) { Forbidden } else { Unauthenticated }
    }

    async fn set(self, test: &TestPortal, what: &str, robin: UserId) {
        let update = format!("UPDATE users SET {what} WHERE id = $1");
        assert_eq!(test.execute(&update, vec![robin.0.into()]).await, 1, "{self:?}");
    }
}

async fn who_is_out_by_now_changes_nothing(test: TestPortal) {
    let admin = test.admin();
    let robin = test.joins(&admin, ROBIN, Role::Admin).await.me.user.id;
    let kims = test.joins(&admin, KIM, Role::Read).await;
    let kim = kims.me.user.id;
    for way in Way::ALL {
        let signed_in = test.portal.sign_in(&Visitor::default(), ROBIN, PASSWORD, None).await.unwrap();
        let robins = test.admin_of(&signed_in).await;
        let session = test.behind_cookie(&signed_in).await.expect("a session");
        way.happens(&test, robin, &signed_in).await;
        let role = RoleInput { name: "Left behind".into(), description: None, permissions: Permissions::ALL };
        let refusals = [
            robins.create_api_token(&session, left_behind()).await.map(drop),
            robins.invite_user("lee@northwind.example", Role::Admin, None).await.map(drop),
            robins.set_user_role(kim, Role::Admin, None).await.map(drop),
            robins.create_role(role).await.map(drop),
            robins.revoke_sessions_of(kim, &session).await.map(drop),
            robins.require_second_factor(false, &session).await.map(drop),
        ];
        for (n, refusal) in refusals.into_iter().enumerate() {
            assert_eq!(refused(refusal).kind, way.kind(), "{way:?}: {n}");
        }
        way.set(&test, "active = TRUE, role = 'admin', restricted = FALSE", robin).await;
    }
    assert_eq!(admin.all_api_tokens().await.unwrap().len(), 0);
    assert_eq!(members(&admin).await.len(), 3, "nobody was invited");
    assert_eq!(admin.roles().await.unwrap().len(), Role::ALL.len());
    assert!(test.behind_cookie(&kims).await.is_some_and(|session| session.role == Role::Read.into()));
}

/// The change stands in line behind the one that ends its session.
async fn who_waits_for_what_shuts_them_out_is_out(test: TestPortal) {
    let admin = test.admin();
    let robin = test.joins(&admin, ROBIN, Role::Admin).await;
    let robins = test.admin_of(&robin).await;
    let session = test.behind_cookie(&robin).await.expect("a session");
    let elsewhere = test.elsewhere().await;
    let tx = elsewhere.begin().await.unwrap();
    for statement in [
        "UPDATE tenants SET name = name",
        "DELETE FROM sessions WHERE user_id IN (SELECT id FROM users WHERE email = 'robin@northwind.example')",
    ] {
        tx.execute_unprepared(statement).await.unwrap();
    }
    let ends = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        tx.commit().await.unwrap();
    };
    let (made, ()) = futures::join!(robins.create_api_token(&session, left_behind()), ends);
    assert_eq!(kind_of(made.map(drop)).0, Unauthenticated);
    assert_eq!(admin.all_api_tokens().await.unwrap().len(), 0);
}

/// The test of the credentials takes as long as their server likes.
async fn who_is_out_by_now_connects_nothing(engine: Engine) {
    let mut rig = Rig::open(engine, FleetSpec { devices: 10, ..FleetSpec::default() }).await;
    let robin = rig.portal.joins(&rig.portal.admin(), ROBIN, Role::Admin).await.me.user.id;
    for anew in [true, false] {
        if !anew {
            rig.connect().await;
        }
        let test = &rig.portal;
        let before = test.admin().integrations().await.unwrap().items;
        for way in [Way::Deactivated, Way::Demoted] {
            let signed_in = test.portal.sign_in(&Visitor::default(), ROBIN, PASSWORD, None).await.unwrap();
            let robins = test.admin_of(&signed_in).await;
            way.happens(test, robin, &signed_in).await;
            let input = ConnectInput { integration_id: rig.integration, ..rig.credentials() };
            assert_eq!(refused(robins.connect(input).await).kind, way.kind(), "{way:?}, anew: {anew}");
            way.set(test, "active = TRUE, role = 'admin'", robin).await;
        }
        assert_eq!(test.admin().integrations().await.unwrap().items, before);
    }
}
