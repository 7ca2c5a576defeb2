//! Visitors who create a tenant of their own, where the operator allows it.

use super::found::{Founder, Place};
use crate::{
    Portal, Result,
    clock::time,
    db,
    session::{Budget, SignedIn, Visitor, hash_token},
    sql, users,
};
use domain::{
    error::{ErrorKind, UserError},
    users::{LinkKind, LinkState},
};
use sea_orm::FromQueryResult;

/// What somebody has asked for by mail.
#[derive(FromQueryResult)]
struct Asked {
    portal_name: String,
    email: String,
    expires_at: i64,
}

impl Portal {
    /// Creates a tenant for a visitor, who owns it, and signs them in; where no mails are sent, which try the address first
    /// ([`Portal::request_sign_up`]). Each attempt counts for the address that it comes from: ten in 15 minutes.
    pub async fn sign_up(
        &self,
        visitor: &Visitor,
        portal_name: &str,
        name: &str,
        email: &str,
        password: &str,
    ) -> Result<SignedIn> {
        if !self.config().sign_up {
            return Err(no_sign_up().into());
        }
        if self.sends_mail() {
            let message =
                "Ask for a link by mail first: it leads to where you choose your name and password.";
            return Err(UserError::new(ErrorKind::Forbidden, message).into());
        }
        let founder = Founder::checked(portal_name, name, email, password)?;
        self.count_guess(visitor.address.map(Budget::sign_up).into_iter().collect()).await?;
        self.found(visitor, founder, password, Place::Further).await
    }

    /// What the link in a mail to somebody who signs up is good for; `None` if it is none.
    pub(crate) async fn asked_sign_up(&self, token: &str) -> Result<Option<LinkState>> {
        if !self.config().sign_up {
            return Ok(None);
        }
        let select = "SELECT portal_name, email, expires_at FROM mails
            WHERE kind = 'sign_up' AND token_hash = $1 AND expires_at > $2";
        let values = vec![hash_token(token).into(), self.now_micros().into()];
        let asked: Option<Asked> = sql::one(self.db(), select, values).await?;
        Ok(asked.map(|Asked { portal_name, email, expires_at }| LinkState {
            kind: LinkKind::SignUp,
            portal_name,
            email,
            expires_at: time(expires_at),
        }))
    }

    /// Creates the tenant that whoever has the link in a mail has asked for, and signs them in. In: the checked name, and the
    /// hash of the password. The link is used up.
    pub(crate) async fn sign_up_by_link(
        &self,
        visitor: &Visitor,
        token: &str,
        name: &str,
        hash: &str,
    ) -> Result<SignedIn> {
        let (tx, now) = (db::begin(self.db()).await?, self.now_micros());
        let take = "DELETE FROM mails WHERE kind = 'sign_up' AND token_hash = $1 AND expires_at > $2
            RETURNING portal_name, email, expires_at";
        let asked: Option<Asked> = sql::one(&tx, take, vec![hash_token(token).into(), now.into()]).await?;
        let Asked { portal_name, email, .. } = asked.ok_or_else(users::dead)?;
        let founder = Founder { portal_name, name: name.to_owned(), email };
        self.insert_founded(tx, visitor, (founder, hash), Place::Further).await
    }
}

/// Where nobody signs up.
pub(crate) fn no_sign_up() -> UserError {
    let message = "Nobody can sign up here. Ask an administrator of your portal for an invitation.";
    UserError::new(ErrorKind::Forbidden, message)
}
