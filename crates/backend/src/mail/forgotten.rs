//! A new password for somebody who has forgotten theirs.

use super::letter::Kind;
use crate::{
    Portal, Result,
    clock::new_id,
    session::{Budget, Visitor, email_key},
    sql,
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
        let (now, origin) = (self.now_micros(), visitor.origin());
        let insert =
            "INSERT INTO mails (id, kind, email_key, state, attempts, due_at, address, agent, created_at,
                changed_at) VALUES ($1, $2, $3, 'waiting', 0, $4, $5, $6, $7, $8)";
        let values = vec![
            new_id().into(),
            Kind::Forgotten.as_str().into(),
            key.into(),
            now.into(),
            origin.address.into(),
            origin.agent.into(),
            now.into(),
            now.into(),
        ];
        sql::execute(self.db(), insert, values).await?;
        self.wake_mail();
        Ok(())
    }
}
