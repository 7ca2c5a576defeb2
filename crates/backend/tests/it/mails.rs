//! Mails with links: sent by whoever works, tried again, told when they cannot be sent, and never to the wrong one.

mod budgets;
mod sign_up;

use crate::{
    rig::Engine,
    support::{EMAIL, PASSWORD, TestPortal, kind_of, refused},
};
use backend::{
    Config, Tenant,
    mail::{MailSettings, send_due},
    session::Visitor,
    tenant::Admin,
};
use domain::{
    audit::{AuditAction, AuditFilter},
    error::ErrorKind::{Forbidden, Invalid, NotFound, Throttled},
    ids::UserId,
    page::ListQuery,
    permissions::{Area, Level},
    role::Role,
    roles::{RoleInput, RoleRef},
    users::{LinkKind, MailState, MemberMail},
};
use sea_orm::{ConnectionTrait, Statement};
use testkit::{Mail, Mailbox};

on_engines!(
    an_invitation_is_mailed,
    a_mailed_link_ends_with_its_invitation,
    what_the_mail_server_says_is_told,
    a_mail_is_given_up,
    of_several_servers_one_sends,
    a_new_password_is_mailed,
    a_forgotten_password_is_chosen_anew,
    nobody_learns_who_has_an_account,
    without_a_mail_server_links_are_handed_over,
    links_end_with_who_made_them,
    a_mailed_link_counts_while_its_maker_may,
);

const ROBIN: &str = "robin@northwind.example";
const NEW: &str = "another long password";

/// A portal beside a mail server.
struct Post {
    test: TestPortal,
    mailbox: Mailbox,
}

impl Post {
    async fn open(engine: Engine) -> Self {
        Self::open_with(engine, |_| ()).await
    }

    async fn open_with(engine: Engine, change: impl FnOnce(&mut Config)) -> Self {
        let mailbox = Mailbox::open().expect("a mail server");
        let settings = MailSettings::new(
            &mailbox.url().into(),
            Some("MSPortal <portal@msp.example>"),
            Some("https://portal.example"),
        );
        let settings = settings.expect("settings");
        let set = |config: &mut Config| {
            config.mail = Some(settings);
            change(config);
        };
        Self { test: TestPortal::open_with(url(engine).await, set).await, mailbox }
    }

    /// What is sent now.
    async fn sent(&self) -> Vec<Mail> {
        send_due(&self.test.portal).await.expect("the database answers");
        self.mailbox.take()
    }

    /// The token of the only mail that is sent now.
    async fn token(&self, page: &str) -> String {
        let mails = self.sent().await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        let start = format!("https://portal.example/{page}/");
        let link = mails[0].word(&start).unwrap_or_else(|| panic!("no link: {}", mails[0].text));
        link[start.len()..].to_owned()
    }

    async fn mail_of(&self, email: &str) -> Option<MemberMail> {
        let members = self.test.admin().users(ListQuery::default(), None).await.expect("a list").items;
        members.into_iter().find(|m| m.email == email).expect("somebody").mail
    }

    async fn state_of(&self, email: &str) -> Option<MailState> {
        self.mail_of(email).await.map(|mail| mail.state)
    }

    async fn forgets(&self, email: &str) -> backend::Result<()> {
        self.test.portal.forgot_password(&Visitor::default(), email).await
    }

    async fn kind_behind(&self, token: &str) -> Option<LinkKind> {
        self.test.portal.link_state(&Visitor::default(), token).await.ok().map(|state| state.kind)
    }

    async fn may_sign_in(&self, email: &str, password: &str) -> bool {
        self.test.portal.sign_in(&Visitor::default(), email, password, None).await.is_ok()
    }

    /// Robin, who comes by an invitation of the owner.
    async fn robin(&self, role: impl Into<RoleRef>) -> UserId {
        self.joins(ROBIN, role).await
    }

    async fn joins(&self, email: &str, role: impl Into<RoleRef>) -> UserId {
        self.test.admin().invite_user(email, role, None).await.expect("an invitation");
        let token = self.token("invite").await;
        let joined =
            self.test.portal.accept_invitation(&Visitor::default(), &token, "Robin User", PASSWORD).await;
        joined.expect("a user").me.user.id
    }

    async fn robins(&self) -> Tenant<Admin> {
        let signed_in = self.test.portal.sign_in(&Visitor::default(), ROBIN, PASSWORD, None).await;
        let cookie = signed_in.expect("a session").cookie;
        let token = cookie.split(['=', ';']).nth(1).expect("a token");
        let session = self.test.portal.authenticate(token).await.expect("an answer").expect("a session");
        self.test.portal.tenant(&session, Area::Users).expect("an administrator")
    }

    async fn count(&self, action: AuditAction) -> i64 {
        let filter = AuditFilter { action: Some(action), ..AuditFilter::default() };
        self.test.admin().audit_events(ListQuery::default(), filter).await.expect("a log").total
    }
}

async fn rows(test: &TestPortal) -> usize {
    let db = test.portal.db();
    let all = Statement::from_string(db.get_database_backend(), "SELECT id FROM mails");
    db.query_all_raw(all).await.expect("a list").len()
}

async fn url(engine: Engine) -> Option<String> {
    match engine {
        Engine::Sqlite => None,
        Engine::Postgres => TestPortal::postgres_url().await,
    }
}

async fn an_invitation_is_mailed(engine: Engine) {
    let post = Post::open(engine).await;
    let told = post.test.admin().invite_user(ROBIN, Role::Manage, None).await.unwrap();
    assert!(told.mailed);
    assert_eq!(told.link, None, "whoever invites could come in place of whose address it is");
    assert_eq!(post.state_of(ROBIN).await, Some(MailState::Waiting), "nobody waits for the mail server");
    let mails = post.sent().await;
    assert_eq!((mails.len(), mails[0].to.clone()), (1, vec![ROBIN.to_owned()]));
    let text = &mails[0].text;
    for part in
        ["Subject: Join Northwind MSP", "From: MSPortal <portal@msp.example>", "Sam Owner invites you"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    let start = "https://portal.example/invite/";
    let mailed = mails[0].word(start).expect("a link")[start.len()..].to_owned();
    assert_eq!(post.state_of(ROBIN).await, Some(MailState::Sent));
    assert_eq!(post.sent().await.len(), 0, "once");

    assert_eq!(post.kind_behind(&mailed).await, Some(LinkKind::Invitation));
    let joined =
        post.test.portal.accept_invitation(&Visitor::default(), &mailed, "Robin User", PASSWORD).await;
    assert_eq!(joined.unwrap().me.role, Role::Manage.into());
    assert_eq!(post.kind_behind(&mailed).await, None, "once");
    assert_eq!(post.mail_of(ROBIN).await, None);
}

async fn a_mailed_link_ends_with_its_invitation(engine: Engine) {
    let post = Post::open(engine).await;
    let admin = post.test.admin();
    admin.invite_user(ROBIN, Role::Read, None).await.unwrap();
    let first = post.token("invite").await;
    admin.invite_user(ROBIN, Role::Admin, None).await.unwrap();
    assert_eq!(post.kind_behind(&first).await, None, "there is a newer one");
    let second = post.token("invite").await;
    assert_eq!(post.kind_behind(&second).await, Some(LinkKind::Invitation));
    post.test.clock.advance(7 * 24 * 3600);
    assert_eq!(post.kind_behind(&second).await, None);

    admin.invite_user(ROBIN, Role::Read, None).await.unwrap();
    let members = admin.users(ListQuery::default(), None).await.unwrap().items;
    let id = members.iter().find_map(|m| m.invitation_id).unwrap();
    admin.withdraw_invitation(id).await.unwrap();
    assert_eq!(post.sent().await.len(), 0, "it was taken back before it was sent");
}

async fn what_the_mail_server_says_is_told(engine: Engine) {
    let post = Post::open(engine).await;
    post.mailbox.refuse(Some("550 5.1.1 no such user"));
    post.test.admin().invite_user(ROBIN, Role::Read, None).await.unwrap();
    assert_eq!(post.sent().await.len(), 0);
    let mail = post.mail_of(ROBIN).await.unwrap();
    assert_eq!(mail.state, MailState::Failed);
    assert!(
        mail.problem.as_deref().is_some_and(|p| p.contains("550") && p.contains("no such user")),
        "{mail:?}"
    );

    post.mailbox.refuse(Some("535 5.7.8 m41l-canary is wrong"));
    post.test.admin().invite_user(ROBIN, Role::Read, None).await.unwrap();
    post.sent().await;
    let problem = post.mail_of(ROBIN).await.unwrap().problem.unwrap();
    assert!(problem.contains("user name and password") && !problem.contains("canary"), "{problem}");
    post.mailbox.refuse(None);
    post.test.clock.advance(24 * 3600);
    assert_eq!(post.sent().await.len(), 0, "what was refused for good is not tried again");
}

async fn a_mail_is_given_up(engine: Engine) {
    let post = Post::open(engine).await;
    post.mailbox.refuse(Some("451 try again later"));
    post.test.admin().invite_user(ROBIN, Role::Read, None).await.unwrap();
    for wait in [0, 10, 60, 300, 900, 3600] {
        if wait > 0 {
            post.test.clock.advance(wait - 1);
            let before = post.mail_of(ROBIN).await.unwrap();
            assert_eq!((before.state, post.sent().await.len()), (MailState::Waiting, 0));
            assert!(before.problem.is_some_and(|p| p.contains("451")));
            post.test.clock.advance(1);
        }
        post.sent().await;
    }
    assert_eq!(post.state_of(ROBIN).await, Some(MailState::Failed));
    // Another one, and the server is back in time.
    post.test.admin().invite_user(ROBIN, Role::Read, None).await.unwrap();
    post.sent().await;
    post.mailbox.refuse(None);
    post.test.clock.advance(10);
    post.token("invite").await;
    let mail = post.mail_of(ROBIN).await.unwrap();
    assert_eq!((mail.state, mail.problem), (MailState::Sent, None));
}

async fn of_several_servers_one_sends(engine: Engine) {
    let post = Post::open(engine).await;
    for n in 0..5 {
        post.test
            .admin()
            .invite_user(&format!("robin{n}@northwind.example"), Role::Read, None)
            .await
            .unwrap();
    }
    let all = (0..4).map(|_| send_due(&post.test.portal));
    for outcome in futures::future::join_all(all).await {
        outcome.unwrap();
    }
    let mut to: Vec<String> = post.mailbox.take().into_iter().flat_map(|mail| mail.to).collect();
    to.sort();
    assert_eq!(to, (0..5).map(|n| format!("robin{n}@northwind.example")).collect::<Vec<_>>());
}

async fn a_new_password_is_mailed(engine: Engine) {
    let post = Post::open(engine).await;
    let robin = post.robin(Role::Read).await;
    let told = post.test.admin().reset_user_password(robin).await.unwrap();
    assert_eq!((told.mailed, told.link), (true, None), "nobody but Robin has it");
    let mailed = post.token("reset").await;
    assert_eq!(post.state_of(ROBIN).await, Some(MailState::Sent));
    assert_eq!(post.kind_behind(&mailed).await, Some(LinkKind::Password));
    post.test.portal.choose_password(&Visitor::default(), &mailed, NEW).await.unwrap();
    assert!(post.may_sign_in(ROBIN, NEW).await && !post.may_sign_in(ROBIN, PASSWORD).await);
    let again = post.test.portal.choose_password(&Visitor::default(), &mailed, PASSWORD).await;
    assert_eq!(kind_of(again).0, NotFound);
    assert_eq!(post.mail_of(ROBIN).await, None);
}

async fn a_forgotten_password_is_chosen_anew(engine: Engine) {
    let post = Post::open(engine).await;
    post.forgets(" Sam@Northwind.EXAMPLE ").await.unwrap();
    assert_eq!(post.count(AuditAction::PasswordLinkAsked).await, 0);
    let first = post.token("reset").await;
    assert_eq!(post.count(AuditAction::PasswordLinkAsked).await, 1);
    // Nobody ends the link of somebody else by asking for another one.
    post.forgets(EMAIL).await.unwrap();
    let second = post.token("reset").await;
    assert_eq!(post.kind_behind(&first).await, Some(LinkKind::Password));
    assert!(post.may_sign_in(EMAIL, PASSWORD).await, "nothing has changed yet");
    post.test.portal.choose_password(&Visitor::default(), &second, NEW).await.unwrap();
    assert!(post.may_sign_in(EMAIL, NEW).await && !post.may_sign_in(EMAIL, PASSWORD).await);
    for used in [&first, &second] {
        assert_eq!(post.kind_behind(used).await, None);
    }
    // It is good for an hour.
    post.forgets(EMAIL).await.unwrap();
    let third = post.token("reset").await;
    post.test.clock.advance(3599);
    assert_eq!(post.kind_behind(&third).await, Some(LinkKind::Password));
    post.test.clock.advance(1);
    assert_eq!(post.kind_behind(&third).await, None);
    let late = post.test.portal.choose_password(&Visitor::default(), &third, PASSWORD).await;
    assert_eq!(kind_of(late).0, NotFound);
}

async fn nobody_learns_who_has_an_account(engine: Engine) {
    let post = Post::open(engine).await;
    let robin = post.robin(Role::Read).await;
    post.test.admin().deactivate_user(robin).await.unwrap();
    post.sent().await;
    for email in ["nobody@northwind.example", ROBIN] {
        for _ in 0..3 {
            post.forgets(email).await.unwrap();
        }
        assert_eq!(post.sent().await.len(), 0, "{email} has no account that is open");
    }
    assert_eq!(rows(&post.test).await, 0, "what was typed is not kept");
    for _ in 0..3 {
        post.forgets(EMAIL).await.unwrap();
    }
    assert_eq!(post.sent().await.len(), 3);
    let known = post.forgets(&EMAIL.to_uppercase()).await;
    let unknown = post.forgets("nobody@northwind.example").await;
    assert_eq!(kind_of(post.forgets(EMAIL).await).0, Throttled);
    assert_eq!(refused(known), refused(unknown), "the same words for both");
    assert_eq!(kind_of(post.forgets("nobody").await), (Invalid, Some("email".into())));
    assert_eq!(post.sent().await.len(), 0);
    post.test.clock.advance(15 * 60);
    post.forgets(EMAIL).await.unwrap();

    // And many accounts from one place.
    let visitor = Visitor { address: Some([203, 0, 113, 9].into()), ..Visitor::default() };
    for n in 0..20 {
        post.test.portal.forgot_password(&visitor, &format!("guess{n}@a.example")).await.unwrap();
    }
    let more = post.test.portal.forgot_password(&visitor, "guess21@a.example").await;
    assert_eq!(kind_of(more).0, Throttled);
}

async fn without_a_mail_server_links_are_handed_over(engine: Engine) {
    let test = TestPortal::open_with(url(engine).await, |_| ()).await;
    let link = test.admin().invite_user(ROBIN, Role::Read, None).await.unwrap();
    assert!(!link.mailed && link.link.is_some() && !test.portal.state().await.unwrap().mail);
    let members = test.admin().users(ListQuery::default(), None).await.unwrap().items;
    assert!(members.iter().all(|m| m.mail.is_none()));
    let forgotten = test.portal.forgot_password(&Visitor::default(), EMAIL).await;
    assert_eq!(kind_of(forgotten).0, Forbidden);
    assert_eq!(rows(&test).await, 0);
}

async fn links_end_with_who_made_them(engine: Engine) {
    let post = Post::open(engine).await;
    let robin = post.robin(Role::Admin).await;
    let admin = post.test.admin();
    admin.invite_user("toni@northwind.example", Role::Read, None).await.unwrap();
    let theirs = post.token("invite").await;
    let kim = post.joins("kim@northwind.example", Role::Read).await;
    for shut_out in [false, true] {
        admin.set_user_role(robin, Role::Admin, None).await.unwrap();
        let robins = post.robins().await;
        robins.invite_user("nina@northwind.example", Role::Admin, None).await.unwrap();
        let invitation = post.token("invite").await;
        robins.reset_user_password(kim).await.unwrap();
        let links = [invitation, post.token("reset").await];
        for link in &links {
            assert!(post.kind_behind(link).await.is_some());
        }
        match shut_out {
            true => admin.deactivate_user(robin).await.unwrap(),
            false => admin.set_user_role(robin, Role::Manage, None).await.unwrap(),
        };
        for link in &links {
            assert_eq!(post.kind_behind(link).await, None, "shut out: {shut_out}");
        }
    }
    assert_eq!(post.kind_behind(&theirs).await, Some(LinkKind::Invitation), "others' links stay");
}

async fn a_mailed_link_counts_while_its_maker_may(engine: Engine) {
    let post = Post::open(engine).await;
    let admin = post.test.admin();
    let permissions = Role::Manage.permissions().with(Area::Users, Level::Manage);
    let people = RoleInput { name: "People".into(), description: None, permissions };
    let robin = post.robin(admin.create_role(people).await.unwrap().role).await;
    let kim = post.joins("kim@northwind.example", Role::Read).await;
    let robins = post.robins().await;
    robins.invite_user("lee@northwind.example", Role::Read, None).await.unwrap();
    let invitation = post.token("invite").await;
    robins.reset_user_password(kim).await.unwrap();
    let links = [invitation, post.token("reset").await];
    for link in &links {
        assert!(post.kind_behind(link).await.is_some());
    }
    // Nothing ends: Robin sees less, and sees all again.
    let restrict = "UPDATE users SET restricted = $1 WHERE id = $2";
    for (restricted, good) in [(true, false), (false, true)] {
        post.test.execute(restrict, vec![restricted.into(), robin.0.into()]).await;
        for link in &links {
            assert_eq!(post.kind_behind(link).await.is_some(), good, "restricted: {restricted}");
        }
    }
}
