//! How many links are made, and mails sent: what strangers can cause has an end.

use super::{About, letter::Kind, queue};
use crate::{Error, Portal, Result, Tenant, db::Tx, session::Budget, tenant::CanAdmin, users::NewLink};
use domain::users::UserLink;
use uuid::Uuid;

/// Why the mail of an administrator is not sent.
pub(super) const OVER: &str = "Too many mails were sent to this address within an hour. Send it again later.";

/// How a link gets to whom it is for, counted before it is made.
#[derive(Clone, Copy)]
pub(crate) enum Way {
    ByMail,
    ByHand,
}

impl Way {
    /// Queues the mail, or hands the link over: never both, or who makes a link could use it in place of whose mail it is.
    pub async fn give<A: CanAdmin>(
        self,
        tenant: &Tenant<A>,
        tx: &Tx,
        about: About,
        link: NewLink,
    ) -> Result<UserLink> {
        match self {
            Self::ByHand => Ok(link.handed()),
            Self::ByMail => {
                queue(tenant, tx, about).await?;
                Ok(link.mailed())
            }
        }
    }
}

impl<A: CanAdmin> Tenant<A> {
    /// Counts a link of this tenant together with what makes it, or says when there can be another one. Where strangers sign up,
    /// what their tenants send together has a bound. Beyond it nothing is handed over either: it would only have to be used up.
    pub(crate) async fn count_link(&self, tx: &Tx) -> Result<Way> {
        let portal = self.portal();
        // Also of those that are handed over: whoever makes and opens many learns which addresses have an account.
        Budget::links(self.id()).spend(tx, self.now()).await?;
        if !portal.sends_mail() {
            return Ok(Way::ByHand);
        }
        let strange = portal.config().sign_up && portal.first_tenant().await? != Some(self.id().into());
        if strange {
            let counted = Budget::mails_of_strangers().spend(tx, self.now()).await;
            if matches!(counted, Err(Error::User(_))) {
                tracing::warn!(tenant = %self.id(), "mail not sent: tenants that signed up have sent too many within an hour");
            }
            counted?;
        }
        Ok(Way::ByMail)
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
