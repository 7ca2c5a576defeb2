//! Names and texts of the cookies.

use super::LIFETIME;
use crate::Portal;

/// Name of the session cookie; behind TLS, `__Host-` stands before it.
pub const COOKIE: &str = "msportal_session";
const SECURE_COOKIE: &str = "__Host-msportal_session";
const DEVICE: &str = "msportal_device";
const SECURE_DEVICE: &str = "__Host-msportal_device";

impl Portal {
    /// Name of the cookie with a session's token. With `__Host-`, a browser takes it over https only, and from this host
    /// alone: a neighbouring subdomain cannot plant one.
    pub fn session_cookie(&self) -> &'static str {
        if self.config().behind_tls { SECURE_COOKIE } else { COOKIE }
    }

    /// Name of the cookie that marks a browser in which somebody has signed in.
    pub fn device_cookie(&self) -> &'static str {
        if self.config().behind_tls { SECURE_DEVICE } else { DEVICE }
    }

    /// The `Set-Cookie` that takes a session's token away from the browser.
    pub fn no_session(&self) -> String {
        self.cookie(self.session_cookie(), "", 0)
    }

    pub(super) fn session_of(&self, token: &str) -> String {
        self.cookie(self.session_cookie(), token, LIFETIME)
    }

    pub(super) fn cookie(&self, name: &str, value: &str, seconds: i64) -> String {
        let secure = if self.config().behind_tls { "; Secure" } else { "" };
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
    }
}
