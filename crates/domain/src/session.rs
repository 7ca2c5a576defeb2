//! Who is signed in.

use crate::{
    ids::{SessionId, TenantId, UserId},
    permissions::Permissions,
    roles::RoleRef,
};
use chrono::{DateTime, Utc};

wire! {
    /// The signed-in user, the tenant and what the user may do there.
    pub struct Me {
        pub user: UserView,
        pub tenant: TenantView,
        /// Whether the tenant wants a second factor that the user has not set up: everything else is refused until then.
        pub second_factor_missing: bool,
        pub role: RoleRef,
        /// What that role is called.
        pub role_name: String,
        /// What the user may do, area by area; for an API token, no more than the token allows.
        pub permissions: Permissions,
        /// Whether it is limited to some companies of the tenant, by the user or by the API token.
        pub limited: bool,
    }

    /// A user as shown to others.
    pub struct UserView {
        pub id: UserId,
        pub name: String,
        pub email: String,
    }

    /// A tenant as shown to its users.
    pub struct TenantView {
        pub id: TenantId,
        pub name: String,
    }

    /// A browser or a program that a user is signed in with.
    pub struct SessionView {
        pub id: SessionId,
        pub created_at: DateTime<Utc>,
        /// To within five minutes.
        pub last_used_at: DateTime<Utc>,
        /// The network address that it signed in from.
        pub address: Option<String>,
        /// What it is, in plain words, such as "Firefox on Windows".
        pub client: String,
        /// Whether it is the session that asks.
        pub present: bool,
    }

    /// Whether signing in takes a code besides the password.
    pub struct SecondFactor {
        pub on: bool,
        /// Since when.
        pub since: Option<DateTime<Utc>>,
        /// How many recovery codes are left.
        pub recovery_codes: i64,
    }
}

wire_secret! {
    /// What an authenticator app has to be told, once.
    pub struct SecondFactorSetup {
        /// The secret in letters and digits, to be typed.
        pub key: String,
        /// The same as an address that apps open.
        pub uri: String,
        /// The address as a picture: an SVG path over a square of `modules` by `modules`.
        pub picture: String,
        pub modules: u32,
    }
}

wire! {
    /// What a visitor who is not signed in may know: whether the portal exists yet, and the demo's credentials.
    pub struct PortalState {
        pub created: bool,
        /// Whether visitors may create portals of their own.
        pub sign_up: bool,
        /// Whether the portal sends mails: who has forgotten the password can ask for a link.
        pub mail: bool,
        pub demo: Option<DemoAccount>,
        /// The simulated vendor account of a demo.
        pub demo_integration: Option<DemoIntegration>,
    }

    /// Where a demo's simulated NinjaOne listens, and the credentials it accepts.
    pub struct DemoIntegration {
        pub base_url: String,
        pub client_id: String,
        pub client_secret: String,
    }

    /// The account of a demo, shown on the sign-in page.
    pub struct DemoAccount {
        pub email: String,
        pub password: String,
    }
}

/// Shortest accepted password, in characters (OWASP ASVS 5.0, 6.2.1 asks for at least 8, recommends 15).
pub const MIN_PASSWORD: usize = 10;
