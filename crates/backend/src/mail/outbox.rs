//! Mails that wait.

use super::letter::Kind;
use crate::{
    Portal, Result, Tenant,
    clock::new_id,
    db::{self, Tx},
    session::Visitor,
    sql,
    tenant::CanAdmin,
};
use uuid::Uuid;

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Password => "password",
            Self::Forgotten => "forgotten",
            Self::SignUp => "sign_up",
            Self::Account => "account",
        }
    }

    pub fn of(word: &str) -> Self {
        match word {
            "invitation" => Self::Invitation,
            "password" => Self::Password,
            "sign_up" => Self::SignUp,
            _ => Self::Forgotten,
        }
    }
}

/// What a mail of an administrator is about.
pub(crate) enum About {
    Invitation(Uuid),
    /// A new password of that user.
    Password(Uuid),
}

/// Queues a mail in the transaction that makes the link.
pub(super) async fn queue<A: CanAdmin>(tenant: &Tenant<A>, tx: &Tx, about: About) -> Result<()> {
    let (kind, invitation, user) = match about {
        About::Invitation(id) => (Kind::Invitation, Some(id), None),
        About::Password(id) => (Kind::Password, None, Some(id)),
    };
    let insert =
        "INSERT INTO mails (id, tenant_id, kind, invitation_id, user_id, made_by, state, attempts, due_at,
            created_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, 'waiting', 0, $7, $8, $9)";
    let now = tenant.now();
    let values = vec![
        new_id().into(),
        tenant.id().into(),
        kind.as_str().into(),
        invitation.into(),
        user.into(),
        tenant.actor().map(|actor| actor.id.0).into(),
        now.into(),
        now.into(),
        now.into(),
    ];
    sql::execute(tx, insert, values).await?;
    Ok(())
}

/// A mail that somebody without a session asks for.
pub(super) struct Asked<'a> {
    pub kind: Kind,
    /// The key of the address that was typed.
    pub key: String,
    /// Who signs up: the address as typed, and the name of the portal.
    pub sign_up: Option<(&'a str, &'a str)>,
}

impl Portal {
    /// Queues a mail that a visitor asks for, whether or not there is an account with the address: who sends it looks that up.
    pub(super) async fn queue_asked(&self, visitor: &Visitor, asked: Asked<'_>) -> Result<()> {
        let insert = "INSERT INTO mails (id, kind, email_key, email, portal_name, state, attempts, due_at, address, agent,
                created_at, changed_at) VALUES ($1, $2, $3, $4, $5, 'waiting', 0, $6, $7, $8, $9, $10)";
        let (now, origin, (email, portal_name)) =
            (self.now_micros(), visitor.origin(), asked.sign_up.unzip());
        let values = vec![
            new_id().into(),
            asked.kind.as_str().into(),
            asked.key.into(),
            email.into(),
            portal_name.into(),
            now.into(),
            origin.address.into(),
            origin.agent.into(),
            now.into(),
            now.into(),
        ];
        db::write(self.db(), insert, values).await?;
        self.wake_mail();
        Ok(())
    }
}
