//! Users of a tenant: invited, changed, shut out; and always somebody in charge.

mod at_once;
mod late;
mod taken;

use crate::support::{EMAIL, PASSWORD, TestPortal, kind_of, refused};
use backend::{
    Tenant, TokenInput,
    session::{Session, SignedIn, Visitor},
    tenant::Admin,
};
use domain::{
    error::ErrorKind::{Conflict, Forbidden, Invalid, NotFound, Throttled},
    ids::UserId,
    page::ListQuery,
    permissions::Area,
    role::Role,
    roles::RoleRef,
    users::{LinkKind, Member, MemberState, UserLink},
};

on_both!(
    an_invitation_makes_a_user_once,
    an_invitation_is_replaced_withdrawn_and_expires,
    an_address_belongs_to_one_user,
    another_role_ends_sessions,
    somebody_is_always_in_charge,
    two_who_demote_each_other_leave_one,
    the_portal_is_handed_over_by_its_owner,
    who_is_deactivated_is_out_until_activated,
    a_password_is_chosen_by_a_link,
    a_link_ends_when_the_password_is_changed_otherwise,
    api_tokens_do_not_come_back,
    links_are_not_guessed,
    other_tenants_are_out_of_reach,
);

const ROBIN: &str = "robin@northwind.example";
const DAY: i64 = 24 * 3600;

pub fn token(link: &UserLink) -> String {
    path(link).rsplit('/').next().expect("a token").to_owned()
}

/// What is handed over, where nothing is mailed.
pub fn path(link: &UserLink) -> &str {
    link.link.as_deref().expect("a link that is handed over")
}

impl TestPortal {
    pub async fn joins(&self, admin: &Tenant<Admin>, email: &str, role: impl Into<RoleRef>) -> SignedIn {
        let link = admin.invite_user(email, role, None).await.expect("an invitation");
        let name = email.split('@').next().expect("a name");
        let joined = self.portal.accept_invitation(&Visitor::default(), &token(&link), name, PASSWORD).await;
        joined.expect("a user")
    }

    /// The session behind a cookie, if it is worth one.
    pub async fn behind_cookie(&self, signed_in: &SignedIn) -> Option<Session> {
        let token = signed_in.cookie.split(['=', ';']).nth(1).expect("a token");
        self.portal.authenticate(token).await.expect("an answer")
    }

    pub async fn admin_of(&self, signed_in: &SignedIn) -> Tenant<Admin> {
        let session = self.behind_cookie(signed_in).await.expect("a session");
        self.portal.tenant(&session, Area::Users).expect("an administrator")
    }

    async fn may_sign_in(&self, email: &str, password: &str) -> bool {
        self.portal.sign_in(&Visitor::default(), email, password, None).await.is_ok()
    }
}

pub async fn members(admin: &Tenant<Admin>) -> Vec<Member> {
    admin.users(ListQuery::default(), None).await.expect("a list").items
}

/// The user of that name.
async fn named(admin: &Tenant<Admin>, name: &str) -> Member {
    members(admin).await.into_iter().find(|m| m.called() == name).expect(name)
}

async fn id_of(admin: &Tenant<Admin>, name: &str) -> UserId {
    named(admin, name).await.user_id.expect("a user")
}

async fn an_invitation_makes_a_user_once(test: TestPortal) {
    let admin = test.admin();
    let link = admin.invite_user(" Robin@Northwind.example", Role::Manage, None).await.unwrap();
    assert!(path(&link).starts_with("/invite/"), "{}", path(&link));
    let invited = named(&admin, "Robin@Northwind.example").await;
    assert_eq!(
        (invited.state, invited.role, invited.user_id),
        (MemberState::Invited, Role::Manage.into(), None)
    );
    assert_eq!(invited.expires_at, Some(link.expires_at));

    let nobody = Visitor::default();
    let state = test.portal.link_state(&nobody, &token(&link)).await.unwrap();
    assert_eq!((state.kind, state.portal_name.as_str()), (LinkKind::Invitation, "Northwind MSP"));
    let short = test.portal.accept_invitation(&nobody, &token(&link), "Robin", "short").await;
    assert_eq!(kind_of(short.map(|s| s.me)), (Invalid, Some("password".into())));
    let nameless = test.portal.accept_invitation(&nobody, &token(&link), " ", PASSWORD).await;
    assert_eq!(kind_of(nameless.map(|s| s.me)), (Invalid, Some("name".into())));
    let as_password = test.portal.choose_password(&nobody, &token(&link), PASSWORD).await;
    assert_eq!(kind_of(as_password).0, NotFound, "it is no link for a password");

    let joined =
        test.portal.accept_invitation(&nobody, &token(&link), " Robin  User ", PASSWORD).await.unwrap();
    assert_eq!((joined.me.role, joined.me.user.name.as_str()), (Role::Manage.into(), "Robin User"));
    assert!(test.behind_cookie(&joined).await.is_some());
    assert!(test.may_sign_in(ROBIN, PASSWORD).await);
    let again = test.portal.accept_invitation(&nobody, &token(&link), "Eve", PASSWORD).await;
    let unknown = test.portal.accept_invitation(&nobody, "no such token", "Eve", PASSWORD).await;
    assert_eq!(refused(again.map(|s| s.me)), refused(unknown.map(|s| s.me)), "used and unknown are alike");
    let states: Vec<_> = members(&admin).await.into_iter().map(|m| (m.name, m.state, m.owner)).collect();
    assert_eq!(
        states,
        [
            ("Robin User".to_owned(), MemberState::Active, false),
            ("Sam Owner".to_owned(), MemberState::Active, true)
        ]
    );
}

async fn an_invitation_is_replaced_withdrawn_and_expires(test: TestPortal) {
    let (admin, nobody) = (test.admin(), Visitor::default());
    let first = admin.invite_user(ROBIN, Role::Read, None).await.unwrap();
    let second = admin.invite_user(ROBIN, Role::Admin, None).await.unwrap();
    assert_eq!(kind_of(test.portal.link_state(&nobody, &token(&first)).await).0, NotFound);
    assert_eq!(members(&admin).await.len(), 2, "one invitation for an address");
    assert_eq!(named(&admin, ROBIN).await.role, Role::Admin.into());

    test.clock.advance(7 * DAY - 1);
    test.portal.link_state(&nobody, &token(&second)).await.unwrap();
    test.clock.advance(1);
    assert_eq!(kind_of(test.portal.link_state(&nobody, &token(&second)).await).0, NotFound);
    let late = test.portal.accept_invitation(&nobody, &token(&second), "Robin", PASSWORD).await;
    assert_eq!(kind_of(late.map(|s| s.me)).0, NotFound);
    let expired = named(&admin, ROBIN).await;
    assert_eq!(expired.state, MemberState::Expired);

    let third = admin.invite_user(ROBIN, Role::Read, None).await.unwrap();
    let id = named(&admin, ROBIN).await.invitation_id.unwrap();
    admin.withdraw_invitation(id).await.unwrap();
    assert_eq!(kind_of(admin.withdraw_invitation(id).await).0, NotFound);
    assert_eq!(kind_of(test.portal.link_state(&nobody, &token(&third)).await).0, NotFound);
    assert_eq!(members(&admin).await.len(), 1);
}

async fn an_address_belongs_to_one_user(test: TestPortal) {
    let (admin, stranger) = (test.admin(), test.stranger().await);
    let own = admin.invite_user(&EMAIL.to_uppercase(), Role::Read, None).await;
    assert_eq!(kind_of(own), (Conflict, Some("email".into())));
    for wrong in ["", "robin", "robin@", "a@b, c@d"] {
        assert_eq!(
            kind_of(admin.invite_user(wrong, Role::Read, None).await),
            (Invalid, Some("email".into()))
        );
    }
    // Another tenant is not told; who has the link is.
    stranger.invite_user(EMAIL, Role::Read, None).await.unwrap();
    let tenants = test.portal.tenants().await.unwrap();
    let theirs = tenants.into_iter().find(|tenant| tenant.owner.is_none()).expect("the stranger's");
    let link = test.portal.invite_admin(theirs.id, EMAIL).await.unwrap();
    let taken = test.portal.accept_invitation(&Visitor::default(), &token(&link), "Sam", PASSWORD).await;
    assert_eq!(kind_of(taken.map(|s| s.me)), (Conflict, None));
    test.portal.link_state(&Visitor::default(), &token(&link)).await.expect("it is not used up");
}

async fn another_role_ends_sessions(test: TestPortal) {
    let admin = test.admin();
    let robin = test.joins(&admin, ROBIN, Role::Read).await;
    let id = robin.me.user.id;
    let same = admin.set_user_role(id, Role::Read, None).await.unwrap();
    assert_eq!((same.role, same.name.as_str()), (Role::Read.into(), "robin"));
    assert!(test.behind_cookie(&robin).await.is_some(), "nothing has changed");
    assert_eq!(admin.set_user_role(id, Role::Manage, None).await.unwrap().role, Role::Manage.into());
    assert!(test.behind_cookie(&robin).await.is_none());
    let late = admin.set_user_role(id, Role::Read, Some(same.version)).await;
    assert_eq!(kind_of(late).0, Conflict, "it was changed since it was read");
    let late = admin.set_user_companies(id, Some(Vec::new()), Some(same.version)).await;
    assert_eq!(kind_of(late).0, Conflict);
    let limited = admin.set_user_companies(id, Some(Vec::new()), Some(same.version + 1)).await.unwrap();
    assert_eq!((limited.companies, limited.version), (Some(0), same.version + 2));
    let again = test.portal.sign_in(&Visitor::default(), ROBIN, PASSWORD, None).await.unwrap();
    assert_eq!(again.me.role, Role::Manage.into());
}

async fn somebody_is_always_in_charge(test: TestPortal) {
    let admin = test.admin();
    let sam = id_of(&admin, "Sam Owner").await;
    let robin = test.joins(&admin, ROBIN, Role::Admin).await;
    let (robins, id) = (test.admin_of(&robin).await, robin.me.user.id);
    for refusal in [robins.set_user_role(sam, Role::Read, None).await, robins.deactivate_user(sam).await] {
        let error = refused(refusal);
        assert_eq!(error.kind, Conflict);
        assert!(error.message.starts_with("Sam Owner owns this portal. Hand ownership over"), "{error}");
    }
    // Without an owner, as in a portal whose owner an operator has removed.
    test.execute("UPDATE users SET owner = FALSE", vec![]).await;
    robins.deactivate_user(sam).await.unwrap();
    for refusal in [robins.set_user_role(id, Role::Read, None).await, robins.deactivate_user(id).await] {
        let error = refused(refusal);
        assert_eq!(error.kind, Conflict);
        assert!(error.message.starts_with("robin is the last administrator."), "{error}");
    }
    robins.activate_user(sam).await.unwrap();
    assert_eq!(robins.set_user_role(id, Role::Read, None).await.unwrap().role, Role::Read.into());
}

async fn two_who_demote_each_other_leave_one(test: TestPortal) {
    let admin = test.admin();
    test.execute("UPDATE users SET owner = FALSE", vec![]).await;
    let sam = id_of(&admin, "Sam Owner").await;
    let robin = test.joins(&admin, ROBIN, Role::Admin).await;
    let robins = test.admin_of(&robin).await;
    let (one, other) = tokio::join!(
        admin.set_user_role(robin.me.user.id, Role::Read, None),
        robins.set_user_role(sam, Role::Read, None)
    );
    assert_eq!([one.is_ok(), other.is_ok()].into_iter().filter(|ok| *ok).count(), 1);
    let admins = members(&admin).await.into_iter().filter(|m| m.role == Role::Admin.into()).count();
    assert_eq!(admins, 1);
}

async fn the_portal_is_handed_over_by_its_owner(test: TestPortal) {
    let admin = test.admin();
    let sam = id_of(&admin, "Sam Owner").await;
    let robin = test.joins(&admin, ROBIN, Role::Manage).await.me.user.id;
    assert!(!named(&admin, "robin").await.may_own);
    assert_eq!(kind_of(admin.transfer_ownership(robin).await).0, Conflict, "not an administrator");
    admin.set_user_role(robin, Role::Admin, None).await.unwrap();
    let kim = test.joins(&admin, "kim@northwind.example", Role::Admin).await;
    let kims = test.admin_of(&kim).await;
    assert!(named(&admin, "robin").await.may_own && !named(&kims, "robin").await.may_own);
    assert_eq!(kind_of(kims.transfer_ownership(robin).await).0, Forbidden);
    assert_eq!(kind_of(kims.transfer_ownership(kim.me.user.id).await).0, Forbidden);
    admin.transfer_ownership(sam).await.expect("nothing to do");

    let link = kims.reset_user_password(robin).await.expect("not the owner yet");
    admin.transfer_ownership(robin).await.unwrap();
    let kept = test.portal.choose_password(&Visitor::default(), &token(&link), "a password of kim's").await;
    assert_eq!(kind_of(kept).0, NotFound, "it would hand the portal on");
    let session = test.behind_cookie(&kim).await.unwrap();
    let factor = refused(kims.reset_second_factor(robin, &session).await);
    assert!(factor.message.contains("owns this portal"), "{factor}");
    let owners: Vec<_> = members(&admin).await.into_iter().filter(|m| m.owner).map(|m| m.name).collect();
    assert_eq!(owners, ["robin"]);
    assert_eq!(kind_of(admin.transfer_ownership(sam).await).0, Forbidden, "it is no longer theirs");
    kims.set_user_role(sam, Role::Read, None).await.expect("the former owner is one of all");
}

async fn who_is_deactivated_is_out_until_activated(test: TestPortal) {
    let admin = test.admin();
    let robin = test.joins(&admin, ROBIN, Role::Read).await;
    let id = robin.me.user.id;
    let link = admin.reset_user_password(id).await.unwrap();
    let shut_out = admin.deactivate_user(id).await.unwrap();
    assert_eq!(shut_out.state, MemberState::Deactivated);
    assert!(test.behind_cookie(&robin).await.is_none());
    assert!(!test.may_sign_in(ROBIN, PASSWORD).await);
    assert_eq!(kind_of(test.portal.link_state(&Visitor::default(), &token(&link)).await).0, NotFound);
    assert_eq!(kind_of(admin.reset_user_password(id).await).0, Conflict);
    let invited = refused(admin.invite_user(ROBIN, Role::Read, None).await);
    assert!(invited.message.ends_with("Activate them instead."), "{invited}");
    admin.deactivate_user(id).await.expect("nothing to do");
    admin.activate_user(id).await.unwrap();
    assert!(test.behind_cookie(&robin).await.is_none(), "an old session does not come back");
    assert!(test.may_sign_in(ROBIN, PASSWORD).await);
}

async fn a_password_is_chosen_by_a_link(test: TestPortal) {
    let (admin, nobody) = (test.admin(), Visitor::default());
    let sam = id_of(&admin, "Sam Owner").await;
    let robin = test.joins(&admin, ROBIN, Role::Admin).await;
    let (robins, id) = (test.admin_of(&robin).await, robin.me.user.id);
    assert_eq!(kind_of(robins.reset_user_password(id).await).0, Conflict, "not one's own");
    assert_eq!(kind_of(robins.reset_user_password(sam).await).0, Conflict, "not the owner's");

    let first = admin.reset_user_password(id).await.unwrap();
    let link = admin.reset_user_password(id).await.unwrap();
    assert!(path(&link).starts_with("/reset/"), "{}", path(&link));
    let new = "another long password";
    assert_eq!(kind_of(test.portal.choose_password(&nobody, &token(&first), new).await).0, NotFound);
    let state = test.portal.link_state(&nobody, &token(&link)).await.unwrap();
    assert_eq!((state.kind, state.email.as_str()), (LinkKind::Password, ROBIN));
    assert!(test.behind_cookie(&robin).await.is_some(), "until it is used, nothing changes");
    test.portal.choose_password(&nobody, &token(&link), new).await.unwrap();
    assert!(test.behind_cookie(&robin).await.is_none());
    assert!(!test.may_sign_in(ROBIN, PASSWORD).await && test.may_sign_in(ROBIN, new).await);
    assert_eq!(kind_of(test.portal.choose_password(&nobody, &token(&link), PASSWORD).await).0, NotFound);

    let late = admin.reset_user_password(id).await.unwrap();
    test.clock.advance(DAY);
    assert_eq!(kind_of(test.portal.choose_password(&nobody, &token(&late), PASSWORD).await).0, NotFound);
    // The operator helps the owner.
    let link = test.portal.password_link(&EMAIL.to_uppercase()).await.unwrap();
    test.portal.choose_password(&nobody, &token(&link), new).await.unwrap();
    assert!(test.may_sign_in(EMAIL, new).await);
    assert_eq!(kind_of(test.portal.password_link("nobody@northwind.example").await).0, NotFound);
}

async fn a_link_ends_when_the_password_is_changed_otherwise(test: TestPortal) {
    let (admin, nobody) = (test.admin(), Visitor::default());
    let robin = test.joins(&admin, ROBIN, Role::Read).await;
    let link = admin.reset_user_password(robin.me.user.id).await.unwrap();
    let session = test.behind_cookie(&robin).await.unwrap();
    let own = "a password of my own";
    test.portal.change_password(&session, &nobody, PASSWORD, own).await.expect("another password");
    assert_eq!(kind_of(test.portal.choose_password(&nobody, &token(&link), PASSWORD).await).0, NotFound);
    assert!(test.may_sign_in(ROBIN, own).await);
}

/// Whoever had the account may have made tokens.
async fn api_tokens_do_not_come_back(test: TestPortal) {
    let (admin, nobody) = (test.admin(), Visitor::default());
    let robin = test.joins(&admin, ROBIN, Role::Admin).await;
    let id = robin.me.user.id;
    let make = async |signed_in: &SignedIn, n: u32| {
        let session = test.behind_cookie(signed_in).await.expect("a session");
        let input =
            TokenInput { name: format!("Nightly {n}"), role: Role::Read.into(), days: None, companies: None };
        let tenant: Tenant<Admin> = test.portal.tenant(&session, Area::Users).expect("an administrator");
        tenant.create_api_token(&session, input).await.map(|made| made.secret)
    };
    let count = async || admin.all_api_tokens().await.expect("tokens").len();
    let token_of = make(&robin, 1).await.unwrap();
    assert!(test.portal.authenticate_token(&token_of, &nobody).await.unwrap().is_some());
    admin.deactivate_user(id).await.unwrap();
    admin.activate_user(id).await.unwrap();
    assert!(test.portal.authenticate_token(&token_of, &nobody).await.unwrap().is_none());

    let again = test.portal.sign_in(&nobody, ROBIN, PASSWORD, None).await.unwrap();
    make(&again, 2).await.unwrap();
    let link = admin.reset_user_password(id).await.unwrap();
    test.portal.choose_password(&nobody, &token(&link), PASSWORD).await.unwrap();
    assert_eq!(count().await, 0);

    let again = test.portal.sign_in(&nobody, ROBIN, PASSWORD, None).await.unwrap();
    for n in 0..50 {
        make(&again, n).await.unwrap();
    }
    assert_eq!(kind_of(make(&again, 50).await).0, Conflict, "no user has any number of them");
}

async fn links_are_not_guessed(test: TestPortal) {
    let link = test.admin().invite_user(ROBIN, Role::Read, None).await.unwrap();
    let here = Visitor { address: Some([192, 0, 2, 1].into()), ..Visitor::default() };
    for n in 0..100 {
        test.portal.link_state(&here, &token(&link)).await.expect("a good one does not count");
        assert_eq!(kind_of(test.portal.link_state(&here, &format!("guess {n}")).await).0, NotFound);
    }
    assert_eq!(kind_of(test.portal.link_state(&here, &token(&link)).await).0, Throttled);
    let joining = test.portal.accept_invitation(&here, &token(&link), "Robin", PASSWORD).await;
    assert_eq!(kind_of(joining.map(|s| s.me)).0, Throttled);
    let elsewhere = Visitor { address: Some([192, 0, 2, 2].into()), ..Visitor::default() };
    test.portal.link_state(&elsewhere, &token(&link)).await.unwrap();
    test.portal.sign_in(&here, EMAIL, PASSWORD, None).await.expect("passwords are counted apart");
    test.clock.advance(15 * 60);
    test.portal.link_state(&here, &token(&link)).await.unwrap();
}

async fn other_tenants_are_out_of_reach(test: TestPortal) {
    let (admin, stranger) = (test.admin(), test.stranger().await);
    let robin = test.joins(&admin, ROBIN, Role::Admin).await.me.user.id;
    admin.invite_user("kim@northwind.example", Role::Read, None).await.unwrap();
    let invitation = named(&admin, "kim@northwind.example").await.invitation_id.unwrap();
    assert!(members(&stranger).await.is_empty());
    assert_eq!(kind_of(stranger.set_user_role(robin, Role::Read, None).await).0, NotFound);
    assert_eq!(kind_of(stranger.deactivate_user(robin).await).0, NotFound);
    assert_eq!(kind_of(stranger.activate_user(robin).await).0, NotFound);
    assert_eq!(kind_of(stranger.reset_user_password(robin).await).0, NotFound);
    assert_eq!(kind_of(stranger.transfer_ownership(robin).await).0, NotFound);
    assert_eq!(kind_of(stranger.withdraw_invitation(invitation).await).0, NotFound);
    let found = admin.users(crate::support::search("KIM"), Some(MemberState::Invited)).await.unwrap();
    assert_eq!(found.total, 1);
    assert_eq!(admin.users(crate::support::search("kim"), Some(MemberState::Active)).await.unwrap().total, 0);
}
