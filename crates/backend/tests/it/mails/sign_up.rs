//! Portals of visitors, whose address a mail tries first.

use super::{EMAIL, NEW, Post, ROBIN, rows};
use crate::{
    rig::Engine,
    sessions::figure,
    support::{PASSWORD, kind_of, refused},
};
use backend::{jobs::prune::prune, session::Visitor};
use domain::{
    error::ErrorKind::{Conflict, Forbidden, Invalid, NotFound, Throttled},
    role::Role,
    users::LinkKind,
};

on_engines!(
    a_portal_is_created_by_a_mailed_link,
    nobody_learns_by_signing_up_who_has_an_account,
    mails_to_visitors_have_an_end,
    what_visitors_typed_is_forgotten,
);

impl Post {
    async fn with_sign_up(engine: Engine) -> Self {
        Self::open_with(engine, |config| config.sign_up = true).await
    }

    async fn wants(&self, portal_name: &str, email: &str) -> backend::Result<()> {
        self.test.portal.request_sign_up(&Visitor::default(), portal_name, email).await
    }

    async fn accepts(&self, token: &str, password: &str) -> backend::Result<domain::session::Me> {
        let joined = self.test.portal.accept_invitation(&Visitor::default(), token, "Kim", password).await;
        joined.map(|signed_in| signed_in.me)
    }

    async fn tenants(&self) -> usize {
        self.test.portal.tenants().await.expect("a list").len()
    }
}

async fn a_portal_is_created_by_a_mailed_link(engine: Engine) {
    let post = Post::with_sign_up(engine).await;
    let portal = &post.test.portal;
    let direct = portal.sign_up(&Visitor::default(), "Contoso IT", "Kim", ROBIN, PASSWORD).await;
    assert_eq!(kind_of(direct.map(drop)).0, Forbidden, "it would tell who has an account");
    post.wants(" Contoso  IT ", "Robin@Northwind.example").await.unwrap();
    assert_eq!(post.tenants().await, 1, "nothing is there before the link is opened");
    let mails = post.sent().await;
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    assert!(!mail.text.contains("Contoso"), "what a stranger typed is in a mail: {}", mail.text);
    let link = mail.word("https://portal.example/invite/").expect("a link");
    let token = link.rsplit('/').next().expect("a token");
    let state = portal.link_state(&Visitor::default(), token).await.unwrap();
    assert_eq!(
        (state.kind, state.portal_name.as_str(), state.email.as_str()),
        (LinkKind::SignUp, "Contoso IT", "Robin@Northwind.example")
    );
    let other = portal.choose_password(&Visitor::default(), token, NEW).await;
    assert_eq!(kind_of(other).0, NotFound, "it is no link for a password");
    assert_eq!(kind_of(post.accepts(token, "short").await), (Invalid, Some("password".into())));
    let me = post.accepts(token, PASSWORD).await.unwrap();
    assert_eq!((me.tenant.name.as_str(), me.role), ("Contoso IT", Role::Admin.into()));
    assert_eq!(portal.tenants().await.unwrap()[1].owner.as_deref(), Some("Robin@Northwind.example"));
    assert_eq!(kind_of(post.accepts(token, PASSWORD).await).0, NotFound, "it was used");
    assert!(post.may_sign_in(ROBIN, PASSWORD).await);

    // Asked for, and then somebody is faster with the address: nothing is left of it.
    post.wants("Late", "kim@contoso.example").await.unwrap();
    let late = post.token("invite").await;
    portal.create_tenant("Early", "kim@contoso.example").await.unwrap();
    let early = portal.tenants().await.unwrap()[2].id;
    portal.add_user_to(early, "Kim", "kim@contoso.example", NEW, Role::Read).await.unwrap();
    let hashes = figure(&post.test, "password_hashes").await;
    for _ in 0..3 {
        assert_eq!(kind_of(post.accepts(&late, PASSWORD).await).0, Conflict);
    }
    assert_eq!(
        figure(&post.test, "password_hashes").await,
        hashes,
        "a link makes the server work for nothing"
    );
    assert_eq!(post.tenants().await, 3);

    post.wants("Too late", "lee@contoso.example").await.unwrap();
    let old = post.token("invite").await;
    post.test.clock.advance(24 * 3600 - 1);
    assert_eq!(post.kind_behind(&old).await, Some(LinkKind::SignUp));
    post.test.clock.advance(1);
    assert_eq!(post.kind_behind(&old).await, None);
    assert_eq!(kind_of(post.accepts(&old, PASSWORD).await).0, NotFound);
}

async fn nobody_learns_by_signing_up_who_has_an_account(engine: Engine) {
    let post = Post::with_sign_up(engine).await;
    for email in [EMAIL, "nobody@northwind.example"] {
        post.wants("Contoso IT", email).await.unwrap();
    }
    let mails = post.sent().await;
    assert_eq!(mails.len(), 2);
    let of = |email: &str| mails.iter().find(|mail| mail.to[0] == email).expect("a mail");
    let known = of(EMAIL);
    assert!(known.text.contains("has an account already"), "{}", known.text);
    assert_eq!(known.word("https://portal.example/"), Some("https://portal.example/sign-in"));
    assert!(of("nobody@northwind.example").word("https://portal.example/invite/").is_some());

    let gone = post.robin(Role::Read).await;
    post.test.admin().deactivate_user(gone).await.unwrap();
    post.wants("Contoso IT", ROBIN).await.unwrap();
    let [mail] = &post.sent().await[..] else { panic!("one mail") };
    assert!(mail.text.contains("ask an administrator"), "no link that is then refused: {}", mail.text);

    for _ in 0..2 {
        for email in [EMAIL, "nobody@northwind.example"] {
            post.wants("Contoso IT", email).await.unwrap();
        }
    }
    let known = post.wants("Contoso IT", &EMAIL.to_uppercase()).await;
    let unknown = post.wants("Contoso IT", "nobody@northwind.example").await;
    assert_eq!(kind_of(post.wants("Contoso IT", EMAIL).await).0, Throttled);
    assert_eq!(refused(known), refused(unknown), "the same words for both");
    assert_eq!(post.sent().await.len(), 4);
    assert_eq!(kind_of(post.wants("Contoso IT", "nobody").await), (Invalid, Some("email".into())));
    assert_eq!(kind_of(post.wants(" ", EMAIL).await), (Invalid, Some("portal_name".into())));
    let closed = Post::open(engine).await;
    assert_eq!(kind_of(closed.wants("Contoso IT", ROBIN).await).0, Forbidden);
    assert_eq!(rows(&closed.test).await, 0);
}

async fn mails_to_visitors_have_an_end(engine: Engine) {
    let post = Post::with_sign_up(engine).await;
    let mut sent = Vec::new();
    for _ in 0..3 {
        for _ in 0..3 {
            post.wants("Contoso IT", ROBIN).await.unwrap();
        }
        sent.push(post.sent().await.len());
        post.test.clock.advance(15 * 60);
    }
    assert_eq!(sent, [3, 2, 0], "one address gets few");
    assert_eq!(rows(&post.test).await, 5, "what is not sent is not kept");
    for n in 0..200 {
        post.wants("Contoso IT", &format!("victim{n}@northwind.example")).await.unwrap();
    }
    assert_eq!(post.sent().await.len(), 195, "and all together 200 within an hour");
    post.forgets(EMAIL).await.unwrap();
    assert_eq!(post.sent().await.len(), 1, "who has forgotten a password still gets a mail");

    // And many addresses of mail from one place.
    let here = Visitor { address: Some([203, 0, 113, 9].into()), ..Visitor::default() };
    let asks = async |n: usize| {
        post.test.portal.request_sign_up(&here, "Contoso IT", &format!("guess{n}@contoso.example")).await
    };
    for n in 0..10 {
        asks(n).await.unwrap();
    }
    assert_eq!(kind_of(asks(10).await).0, Throttled);
}

async fn what_visitors_typed_is_forgotten(engine: Engine) {
    let post = Post::with_sign_up(engine).await;
    post.wants("Contoso IT", ROBIN).await.unwrap();
    assert_eq!(post.sent().await.len(), 1);
    // Of those who have forgotten a password nothing was typed but the address, of which a hash is kept.
    post.forgets(EMAIL).await.unwrap();
    assert_eq!(post.sent().await.len(), 1);
    let mut left = Vec::new();
    for hours in [25, 1, 1, 6 * 24, 24] {
        post.test.clock.advance(hours * 3600);
        prune(&post.test.portal).await.unwrap();
        left.push(rows(&post.test).await);
    }
    assert_eq!(left, [2, 2, 1, 1, 0], "a day and the time to say that the link is dead");
}
