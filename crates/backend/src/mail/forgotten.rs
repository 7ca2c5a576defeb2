//! A new password for somebody who has forgotten theirs.

use super::{letter::Kind, outbox::Asked};
use crate::{
    Portal, Result,
    session::{Budget, Visitor, email_key},
};
use domain::{
    error::{ErrorKind, UserError},
    users::checked_email,
};

impl Portal {
    /// Queues a mail with a link for a new password to an address, whoever has an account with it.
    ///
    /// The same answer and the same work for every address: whether there is an account, only the one looks up who sends the
    /// mail, later.
    pub async fn forgot_password(&self, visitor: &Visitor, email: &str) -> Result<()> {
        if !self.sends_mail() {
            let message = "This portal sends no mail. Ask an administrator of the portal for a link.";
            return Err(UserError::new(ErrorKind::Forbidden, message).into());
        }
        let key = email_key(checked_email(email)?);
        let address = visitor.address.map(Budget::forgotten_from);
        self.count_guess([Budget::forgotten(&key)].into_iter().chain(address).collect()).await?;
        self.queue_asked(visitor, Asked { kind: Kind::Forgotten, key, sign_up: None }).await
    }
}
