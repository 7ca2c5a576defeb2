//! What a sealed value belongs to.

use uuid::Uuid;

/// The row that a data key and the secrets below it belong to. A further kind of row is a further variant with a binding of
/// its own, and a place in `sealed.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    Integration { tenant: Uuid, integration: Uuid },
    User { tenant: Uuid, user: Uuid },
    PendingFactor { tenant: Uuid, user: Uuid },
}

impl Owner {
    /// An integration of a tenant.
    pub fn integration(tenant: Uuid, integration: Uuid) -> Self {
        Self::Integration { tenant, integration }
    }

    /// A user of a tenant.
    pub fn user(tenant: Uuid, user: Uuid) -> Self {
        Self::User { tenant, user }
    }

    /// The second factor that a user of a tenant has begun beside the one that counts. Rotations leave it alone: it lives for an
    /// hour, and is begun anew where its master key is gone.
    pub fn pending_factor(tenant: Uuid, user: Uuid) -> Self {
        Self::PendingFactor { tenant, user }
    }

    /// The associated data of what `field` seals under the master key `key_id`. It differs for any two rows, of whatever kind.
    pub(super) fn aad(self, field: &str, key_id: &str) -> Vec<u8> {
        let row = match self {
            Self::Integration { tenant, integration } => format!("{tenant}|{integration}"),
            Self::User { tenant, user } => format!("{tenant}|user:{user}"),
            Self::PendingFactor { tenant, user } => format!("{tenant}|pending:{user}"),
        };
        format!("msportal/1|{row}|{field}|{key_id}").into_bytes()
    }
}
