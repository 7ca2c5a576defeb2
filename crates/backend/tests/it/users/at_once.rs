//! Invitations that are made and used at the same time.

use super::token;
use crate::support::{PASSWORD, TestPortal};
use backend::session::Visitor;
use domain::{role::Role, users::UserLink};
use futures::future::join_all;
use sea_orm::{ConnectionTrait, Statement, TransactionTrait};
use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

on_both!(invitations_are_made_and_accepted_at_once);

/// Many at the same time: whoever waits for another one waits in the same order.
async fn invitations_are_made_and_accepted_at_once(test: TestPortal) {
    let (admin, nobody) = (test.admin(), Visitor::default());
    let emails: Vec<String> = (0..12).map(|n| format!("robin{n}@northwind.example")).collect();
    let mut links = Vec::new();
    for email in &emails {
        links.push(admin.invite_user(email, Role::Read, None).await.unwrap());
    }
    let left = AtomicUsize::new(links.len());
    let accept = async |link: &UserLink| {
        let joined = test.portal.accept_invitation(&nobody, &token(link), "Robin", PASSWORD).await;
        left.fetch_sub(1, Ordering::SeqCst);
        joined.map(drop)
    };
    // What an invitation that is made anew does, but for the link, which somebody is using.
    let invite = async |email: &String| {
        let (db, mut outcome) = (test.elsewhere().await, Ok(()));
        while left.load(Ordering::SeqCst) > 0 && outcome.is_ok() {
            let tx = db.begin().await.unwrap();
            for update in
                ["UPDATE tenants SET name = name", "UPDATE invitations SET email = email WHERE email = $1"]
            {
                let values = if update.contains('$') { vec![email.as_str().into()] } else { Vec::new() };
                let backend = tx.get_database_backend();
                let done = tx.execute_raw(Statement::from_sql_and_values(backend, update, values)).await;
                outcome = outcome.and(done.map(drop));
            }
            let ended = if outcome.is_ok() { tx.commit().await } else { tx.rollback().await };
            outcome = outcome.and(ended);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        outcome
    };
    let (accepted, invited) =
        futures::join!(join_all(links.iter().map(accept)), join_all(emails[..4].iter().map(invite)));
    for outcome in accepted {
        outcome.expect("a user");
    }
    for outcome in invited {
        outcome.expect("not held up for ever");
    }
}
