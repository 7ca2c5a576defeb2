//! Strangers cannot make the portal send without end, and tenants do not hold each other up.

use super::{PASSWORD, Post, ROBIN};
use crate::{
    rig::Engine,
    support::{EMAIL, TestPortal, kind_of},
};
use backend::{Tenant, session::Visitor, tenant::Admin};
use domain::{error::ErrorKind::Throttled, permissions::Area, role::Role, users::MailState};

on_engines!(
    one_address_gets_few_mails,
    a_password_is_forgotten_so_often,
    those_who_are_not_signed_in_share_a_budget,
    tenants_of_strangers_share_a_budget,
    tenants_take_turns,
);

const HOUR: i64 = 3600;

impl Post {
    async fn invites(&self, email: &str) -> bool {
        let told = self.test.admin().invite_user(email, Role::Read, None).await.expect("an invitation");
        assert_eq!(told.link, None, "whether or not the mail is sent");
        told.mailed
    }

    /// A tenant that a visitor creates.
    async fn signs_up(&self, name: &str) -> Tenant<Admin> {
        let email = format!("{name}@stranger.example");
        let portal = &self.test.portal;
        portal.request_sign_up(&Visitor::default(), name, &email).await.expect("a mail");
        let token = self.token("invite").await;
        let signed_in = portal.accept_invitation(&Visitor::default(), &token, name, PASSWORD).await;
        let cookie = signed_in.expect("a tenant").cookie;
        let token = cookie.split(['=', ';']).nth(1).expect("a token");
        let session = portal.authenticate(token).await.expect("an answer").expect("a session");
        portal.tenant(&session, Area::Users).expect("an administrator")
    }
}

/// Users who differ from the owner in nothing but the address.
async fn users(test: &TestPortal, n: usize) -> Vec<String> {
    let emails: Vec<String> = (0..n).map(|n| format!("user{n}@northwind.example")).collect();
    for email in &emails {
        let insert =
            "INSERT INTO users (id, tenant_id, name, email, email_key, password_hash, role, active, created_at)
            SELECT $1, tenant_id, name, $2, $3, password_hash, 'read', TRUE, created_at FROM users WHERE email = $4";
        let id = backend::clock::new_id();
        let values = vec![id.into(), email.as_str().into(), email.as_str().into(), EMAIL.into()];
        assert_eq!(test.execute(insert, values).await, 1);
    }
    emails
}

async fn one_address_gets_few_mails(engine: Engine) {
    let post = Post::open(engine).await;
    for _ in 0..5 {
        assert!(post.invites(ROBIN).await);
        assert_eq!(post.sent().await.len(), 1);
    }
    assert!(post.invites(&ROBIN.to_uppercase()).await, "the answer is the same");
    assert_eq!(post.sent().await.len(), 0);
    let mail = post.mail_of(&ROBIN.to_uppercase()).await.unwrap();
    assert_eq!(mail.state, MailState::Failed);
    assert!(mail.problem.is_some_and(|problem| problem.contains("within an hour")));
    post.invites("toni@northwind.example").await;
    assert_eq!(post.sent().await.len(), 1, "others get theirs");
    post.test.clock.advance(HOUR - 1);
    post.invites(ROBIN).await;
    assert_eq!(post.sent().await.len(), 0);
    post.test.clock.advance(1);
    post.invites(ROBIN).await;
    assert_eq!(post.sent().await.len(), 1);
}

async fn a_password_is_forgotten_so_often(engine: Engine) {
    let post = Post::open(engine).await;
    let mut sent = Vec::new();
    for _ in 0..4 {
        for _ in 0..3 {
            post.forgets(EMAIL).await.unwrap();
        }
        sent.push(post.sent().await.len());
        post.test.clock.advance(15 * 60);
    }
    assert_eq!(sent, [3, 2, 0, 0]);
    assert_eq!(super::rows(&post.test).await, 5, "what is not sent is not kept");
    post.forgets(EMAIL).await.unwrap();
    assert_eq!(post.sent().await.len(), 1);
}

async fn those_who_are_not_signed_in_share_a_budget(engine: Engine) {
    let post = Post::open(engine).await;
    let users = users(&post.test, 101).await;
    for email in &users {
        for _ in 0..2 {
            post.forgets(email).await.unwrap();
        }
    }
    assert_eq!(post.sent().await.len(), 200);
    post.invites(ROBIN).await;
    assert_eq!(post.sent().await.len(), 1, "who is signed in still sends");
    post.test.clock.advance(HOUR);
    post.forgets(&users[100]).await.unwrap();
    assert_eq!(post.sent().await.len(), 1);
}

async fn tenants_of_strangers_share_a_budget(engine: Engine) {
    let post = Post::open_with(engine, |config| config.sign_up = true).await;
    let mut tenants = Vec::new();
    for name in ["eve", "mallory", "trudy"] {
        tenants.push((name, post.signs_up(name).await));
    }
    let (mut mailed, mut over) = (0, Vec::new());
    for (name, theirs) in tenants {
        for n in 0..67 {
            let email = format!("{name}{n}@victim.example");
            let told = theirs.invite_user(&email, Role::Read, None).await;
            match told.is_ok() {
                true => mailed += 1,
                false => over.push(kind_of(told).0),
            }
        }
    }
    assert_eq!((mailed, post.sent().await.len()), (200, 200));
    assert_eq!(over, [Throttled], "no link in its place: it would only have to be used up");
    assert!(post.invites(ROBIN).await, "the installation's own tenant is no stranger's");
    assert_eq!(post.sent().await.len(), 1);
}

async fn tenants_take_turns(engine: Engine) {
    let post = Post::open_with(engine, |config| config.sign_up = true).await;
    let theirs = post.signs_up("kim").await;
    for n in 0..60 {
        post.invites(&format!("robin{n}@northwind.example")).await;
    }
    for email in ["lee@contoso.example", "joe@contoso.example"] {
        theirs.invite_user(email, Role::Read, None).await.unwrap();
    }
    post.forgets(EMAIL).await.unwrap();
    let to: Vec<String> = post.sent().await.into_iter().flat_map(|mail| mail.to).collect();
    assert_eq!(to.len(), 63);
    for email in ["lee@contoso.example", EMAIL] {
        assert!(to[..3].iter().any(|to| to == email), "{email}: {:?}", &to[..8]);
    }
    assert!(to[3..5].iter().any(|to| to == "joe@contoso.example"), "{:?}", &to[..8]);
}
