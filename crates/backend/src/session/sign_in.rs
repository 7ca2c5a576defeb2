//! Signing in, and changing the password.

use super::{
    Session, SignedIn, Visitor,
    guessable::Owner,
    password,
    second_factor::{self, Verdict},
    throttle::Budget,
    users::{UserRow, email_key},
};
use crate::{Portal, Result, audit, db, sql, users};
use domain::{
    audit::AuditAction,
    error::{ErrorKind, UserError},
};

const FACTOR_CHANGED: &str = "The second factor of this account was changed a moment ago. Sign in again.";

impl Portal {
    /// Signs in; `code` is that of the authenticator app, or a recovery code, for those who have switched it on.
    ///
    /// The same time, the same words and the same number of guesses whether the user is unknown or the password is wrong.
    pub async fn sign_in(
        &self,
        visitor: &Visitor,
        email: &str,
        password: &str,
        code: Option<&str>,
    ) -> Result<SignedIn> {
        password::check_length("password", password)?;
        let key = email_key(email);
        let guess = self.count_guess(self.budgets(visitor, &key).await?).await?;
        let user = UserRow::by_email(self.db(), &key).await?;
        let hash = user.as_ref().map_or(password::DECOY, |user| user.password_hash.as_str()).to_owned();
        let right = password::verify(self.metrics(), hash, password.to_owned()).await?;
        let known = user.as_ref().map(UserRow::known);
        let Some(user) = user.filter(|_| right) else {
            self.note_refused(&visitor.origin(), known.as_ref()).await?;
            return Err(wrong_credentials().into());
        };
        let code = code.map(str::trim).filter(|code| !code.is_empty());
        let (verdict, checked_by) = self.check_code(&user, code).await?;
        if verdict == Verdict::Wrong {
            self.note_refused(&visitor.origin(), known.as_ref()).await?;
            return Err(about_code("This code is not right. Enter the one that the app shows now.").into());
        }
        self.take_back(guess).await?;
        if verdict == Verdict::Missing {
            return Err(about_code("Enter the code that your authenticator app shows.").into());
        }
        let tx = db::begin(self.db()).await?;
        // To check took a while. Whoever changes the password or shuts the user out meanwhile waits for this row, or was faster.
        let still =
            "UPDATE users SET password_hash = password_hash WHERE id = $1 AND password_hash = $2 AND active";
        let values = vec![user.id.into(), user.password_hash.as_str().into()];
        if sql::execute(&tx, still, values).await? == 0 {
            return Err(wrong_credentials().into());
        }
        // Whoever switches the second factor on, or goes on with another app, holds the same row, and ends the sessions that are
        // there: this one would not be among them.
        if second_factor::since(&tx, user.id).await? != checked_by {
            return Err(UserError::new(ErrorKind::Unauthenticated, FACTOR_CHANGED).into());
        }
        let known = user.known();
        let signed_in = self.open_session(&tx, visitor, user).await?;
        let at = (&visitor.origin(), self.now_micros());
        audit::note_user(&tx, at, &known, AuditAction::SignedIn).await?;
        tx.commit().await?;
        Ok(signed_in)
    }

    /// What guesses at sign-in are counted under. A device that the user has signed in on has guesses of its own, so that
    /// nobody else can use them up.
    async fn budgets(&self, visitor: &Visitor, email_key: &str) -> Result<Vec<Budget>> {
        if let Some(device) = self.known_device(visitor, email_key).await? {
            return Ok(vec![Budget::device(&device, email_key)]);
        }
        let address = visitor.address.map(Budget::address);
        Ok([Budget::account(email_key)].into_iter().chain(address).collect())
    }

    /// Changes the password of who is signed in. All their sessions end, in every browser, and devices are forgotten; the
    /// one that asks goes on with a new token.
    pub async fn change_password(
        &self,
        session: &Session,
        visitor: &Visitor,
        current: &str,
        new: &str,
    ) -> Result<SignedIn> {
        let owner =
            Owner { portal_name: &session.tenant_name, name: &session.user_name, email: &session.email };
        password::check_new("new", new, owner)?;
        let user = self.confirmed(session, "current", current).await?;
        if new == current {
            return Err(UserError::invalid("new", "Choose a password that is not the present one.").into());
        }
        let hash = password::hash(self.metrics(), new.to_owned()).await?;
        let tx = db::begin(self.db()).await?;
        // While it was hashed, the password may have been chosen anew by a link, or the user shut out and the session ended.
        let update = "UPDATE users SET password_hash = $1 WHERE id = $2 AND password_hash = $3 AND active
            AND EXISTS (SELECT 1 FROM sessions s WHERE s.id = $4 AND s.user_id = users.id)";
        let values =
            vec![hash.into(), user.id.into(), user.password_hash.as_str().into(), session.id.0.into()];
        if sql::execute(&tx, update, values).await? == 0 {
            let message =
                "You were signed out meanwhile, and the password is not changed. Sign in and try again.";
            return Err(UserError::new(ErrorKind::Unauthenticated, message).into());
        }
        for delete in
            ["DELETE FROM sessions WHERE user_id = $1", "DELETE FROM known_devices WHERE user_id = $1"]
        {
            sql::execute(&tx, delete, vec![user.id.into()]).await?;
        }
        users::forget_link(&tx, user.id).await?;
        let known = user.known();
        let signed_in = self.open_session(&tx, visitor, user).await?;
        let at = (&visitor.origin(), self.now_micros());
        audit::note_user(&tx, at, &known, AuditAction::PasswordChanged).await?;
        tx.commit().await?;
        Ok(signed_in)
    }

    /// The user of a session, if `password`, typed into `field`, is theirs.
    pub(super) async fn confirmed(&self, session: &Session, field: &str, password: &str) -> Result<UserRow> {
        password::check_length(field, password)?;
        let user = UserRow::by_id(self.db(), session.tenant_id.0, session.user_id.0).await?;
        let guess = self.count_guess(vec![Budget::user(user.id)]).await?;
        if !password::verify(self.metrics(), user.password_hash.clone(), password.to_owned()).await? {
            return Err(UserError::invalid(field, "This is not your present password.").into());
        }
        self.take_back(guess).await?;
        Ok(user)
    }
}

fn wrong_credentials() -> UserError {
    UserError::new(
        ErrorKind::Unauthenticated,
        "E-mail address or password is wrong. Check both and try again.",
    )
}

/// The password was right; a code is missing or wrong.
fn about_code(message: &str) -> UserError {
    UserError { field: Some("code".into()), ..UserError::new(ErrorKind::Unauthenticated, message) }
}
