//! How many mails the portal sends: what strangers can cause has an end.

use super::{About, letter::Kind, queue};
use crate::{Portal, Result, Tenant, db::Tx, session::Budget, tenant::CanAdmin};
use uuid::Uuid;

/// Why the mail of an administrator is not sent.
pub(super) const OVER: &str =
    "Too many mails were sent to this address within an hour. Hand the link over, or make a new one later.";

/// Whether a mail may be sent, counted before the link is made.
#[derive(Clone, Copy)]
pub(crate) struct Allowed(bool);

impl Allowed {
    /// Queues the mail, if it may be sent; answers whether it does.
    pub async fn queue<A: CanAdmin>(self, tenant: &Tenant<A>, tx: &Tx, about: About) -> Result<bool> {
        if self.0 {
            queue(tenant, tx, about).await?;
        }
        Ok(self.0)
    }
}

impl<A: CanAdmin> Tenant<A> {
    /// Counts a mail of this tenant, or says when there can be another one. Where strangers sign up, what their tenants send
    /// together has a bound: beyond it links are handed over.
    pub(crate) async fn count_mail(&self) -> Result<Allowed> {
        let portal = self.portal();
        if !portal.sends_mail() {
            return Ok(Allowed(false));
        }
        portal.count_guess(vec![Budget::mails(self.id())]).await?;
        let strange = portal.config().sign_up && portal.first_tenant().await? != Some(self.id().into());
        if !strange || portal.fits(Budget::mails_of_strangers()).await? {
            return Ok(Allowed(true));
        }
        tracing::warn!(tenant = %self.id(), "mail not sent: tenants that signed up have sent too many within an hour");
        Ok(Allowed(false))
    }
}

impl Portal {
    /// Whether a mail to an address is within the budgets. If not, the log says so.
    pub(super) async fn within_budgets(&self, mail: Uuid, kind: Kind, email_key: &str) -> Result<bool> {
        let budgets = match kind {
            Kind::Invitation | Kind::Password => vec![("recipient", Budget::mails_to(email_key))],
            Kind::Forgotten => vec![
                ("recipient", Budget::forgotten_to(email_key)),
                ("installation", Budget::forgotten_by_all()),
            ],
            // The same for both: what is left tells nobody whether there is an account.
            Kind::SignUp | Kind::Account => {
                vec![("recipient", Budget::sign_up_to(email_key)), ("installation", Budget::sign_up_by_all())]
            }
        };
        for (budget, count) in budgets {
            if !self.fits(count).await? {
                tracing::warn!(%mail, kind = kind.as_str(), budget, "mail not sent: too many within an hour");
                return Ok(false);
            }
        }
        Ok(true)
    }
}
