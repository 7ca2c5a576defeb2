//! Who is signed in.

use crate::{
    ids::{TenantId, UserId},
    role::Role,
};

wire! {
    /// The signed-in user, the tenant and what the user may do there.
    pub struct Me {
        pub user: UserView,
        pub tenant: TenantView,
        pub role: Role,
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

    /// What a visitor who is not signed in may know: whether the portal exists yet, and the demo's credentials.
    pub struct PortalState {
        pub created: bool,
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
