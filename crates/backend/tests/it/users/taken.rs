//! Who has an account in another tenant is not asked without end: not by links to any address, handed over without a mail.

use super::token;
use crate::support::{EMAIL, PASSWORD, TestPortal, kind_of};
use backend::session::Visitor;
use domain::{
    error::ErrorKind::{Conflict, NotFound, Throttled},
    role::Role,
};

on_both!(that_an_address_is_taken_counts_as_a_guess, a_tenant_makes_so_many_links);

fn at(last: u8) -> Visitor {
    Visitor { address: Some([192, 0, 2, last].into()), ..Visitor::default() }
}

async fn that_an_address_is_taken_counts_as_a_guess(test: TestPortal) {
    let (portal, here) = (&test.portal, at(1));
    let link = token(&portal.create_tenant("Strangers", EMAIL).await.unwrap());
    let joins = async |visitor: &Visitor| {
        kind_of(portal.accept_invitation(visitor, &link, "Eve", PASSWORD).await.map(drop)).0
    };
    for n in 0..100 {
        assert_eq!(joins(&here).await, Conflict, "{n}");
        if n < 99 {
            portal.link_state(&here, &link).await.expect("to look at it is no guess");
        }
    }
    assert_eq!(joins(&here).await, Throttled);
    assert_eq!(kind_of(portal.link_state(&here, "a guess").await).0, Throttled, "one budget for both");
    assert_eq!(joins(&at(2)).await, Conflict, "nobody else is held up");
    assert_eq!(kind_of(portal.link_state(&at(2), "a guess").await).0, NotFound);
    test.clock.advance(15 * 60);
    assert_eq!(joins(&here).await, Conflict);
}

/// Also where no mails are sent.
async fn a_tenant_makes_so_many_links(test: TestPortal) {
    let (admin, stranger) = (test.admin(), test.stranger().await);
    let kim = test.portal.add_user("Kim User", "kim@northwind.example", PASSWORD, Role::Read).await.unwrap();
    for n in 0..99 {
        let link = stranger.invite_user(&format!("victim{n}@harbour.example"), Role::Read, None).await;
        assert!(!link.unwrap().mailed);
        admin.reset_user_password(kim).await.unwrap();
    }
    for tenant in [&admin, &stranger] {
        tenant.invite_user("lee@harbour.example", Role::Read, None).await.unwrap();
        let more = tenant.invite_user("toni@harbour.example", Role::Read, None).await;
        assert_eq!(kind_of(more).0, Throttled);
    }
    assert_eq!(kind_of(admin.reset_user_password(kim).await).0, Throttled);
    test.clock.advance(15 * 60);
    stranger.invite_user("toni@harbour.example", Role::Read, None).await.unwrap();
}
