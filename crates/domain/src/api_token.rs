//! Tokens that programs call the API with.

use crate::{
    ids::{ApiTokenId, UserId},
    roles::RoleRef,
};
use chrono::{DateTime, Utc};

/// What every token begins with, so that people and scanners of secrets know one.
pub const PREFIX: &str = "msp_";
/// Longest life of a token, in days.
pub const MAX_DAYS: u32 = 366;
/// Life of a token that was asked for without one, in days.
pub const DEFAULT_DAYS: u32 = 90;

wire! {
    /// A token as people see it; never the token itself.
    pub struct ApiToken {
        pub id: ApiTokenId,
        pub name: String,
        /// What it may do at most. When its user may do less, it may do less.
        pub role: RoleRef,
        /// What that role is called.
        pub role_name: String,
        /// To how many companies it is limited; null when it reaches all that its user does.
        pub companies: Option<i64>,
        /// For whom it acts.
        pub user_id: UserId,
        pub user_name: String,
        /// How it ends, to tell it from others.
        pub hint: String,
        pub created_at: DateTime<Utc>,
        pub expires_at: DateTime<Utc>,
        /// Whether its time is over.
        pub expired: bool,
        /// To within five minutes.
        pub last_used_at: Option<DateTime<Utc>>,
        /// The network address that it was last used from.
        pub last_address: Option<String>,
    }
}

wire_secret! {
    /// A new token.
    pub struct NewApiToken {
        /// The token itself: this answer is the only one that has it.
        pub secret: String,
        pub token: ApiToken,
    }
}
