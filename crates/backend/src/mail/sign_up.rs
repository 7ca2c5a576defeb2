//! A portal for a visitor, whose address the mail tries.

use super::{letter::Kind, outbox::Asked};
use crate::{
    Portal, Result,
    session::{Budget, Visitor, email_key},
    tenants::no_sign_up,
};
use domain::{
    company::checked_name,
    error::{ErrorKind, UserError},
    users::checked_email,
};

impl Portal {
    /// Queues a mail to a visitor who wants a portal of that name: with a link that creates it, or, if the address has an
    /// account, saying so. Each attempt counts for the address of the network that it comes from: ten in 15 minutes.
    ///
    /// The same answer and the same work for every address: whether there is an account, only the one looks up who sends the
    /// mail, later.
    pub async fn request_sign_up(&self, visitor: &Visitor, portal_name: &str, email: &str) -> Result<()> {
        if !self.config().sign_up {
            return Err(no_sign_up().into());
        }
        if !self.state().await?.created {
            return Err(UserError::conflict("This portal is not set up yet. Set it up first.").into());
        }
        if !self.sends_mail() {
            let message = "This portal sends no mail. Sign up with a name and a password.";
            return Err(UserError::new(ErrorKind::Forbidden, message).into());
        }
        let (portal_name, email) = (checked_name("portal_name", portal_name)?, checked_email(email)?);
        let key = email_key(email);
        let address = visitor.address.map(Budget::sign_up);
        self.count_guess([Budget::sign_up_with(&key)].into_iter().chain(address).collect()).await?;
        self.queue_asked(visitor, Asked { kind: Kind::SignUp, key, sign_up: Some((email, &portal_name)) })
            .await
    }
}
