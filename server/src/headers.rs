//! What every answer tells the browser to refuse.

use axum::{
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::Response,
};
use backend::Portal;
use leptos::{nonce::use_nonce, prelude::use_context};
use leptos_axum::ResponseOptions;

/// Headers of every answer; one that a handler has set stays.
///
/// Answers are kept by nobody: they are of whoever is signed in. Built assets say otherwise themselves.
const ALWAYS: [(&str, &str); 9] = [
    ("content-security-policy", NOT_A_PAGE),
    ("cache-control", "no-store"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", PERMISSIONS),
    ("referrer-policy", "same-origin"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("x-permitted-cross-domain-policies", "none"),
];

/// What is not a page loads nothing, should a browser show it as one.
const NOT_A_PAGE: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Of what a browser can ask people for, the portal needs the clipboard alone.
const PERMISSIONS: &str = "accelerometer=(), camera=(), clipboard-read=(), clipboard-write=(self), display-capture=(), \
    fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), \
    publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()";

/// Whoever was here over https once comes over https for a year. On other hosts of the domain the operator decides.
const HTTPS_ONLY: &str = "max-age=31536000";
const HTTPS_BELOW: &str = "max-age=31536000; includeSubDomains";

/// Over what browsers reach this server.
#[derive(Clone, Copy)]
pub enum Scheme {
    Http,
    Https,
    /// And every host below it.
    HttpsBelow,
}

impl Scheme {
    /// As the operator has set it.
    pub fn of(portal: &Portal) -> Self {
        match (portal.is_behind_tls(), portal.is_with_subdomains()) {
            (false, _) => Self::Http,
            (true, false) => Self::Https,
            (true, true) => Self::HttpsBelow,
        }
    }

    fn policy(self) -> Option<&'static str> {
        match self {
            Self::Http => None,
            Self::Https => Some(HTTPS_ONLY),
            Self::HttpsBelow => Some(HTTPS_BELOW),
        }
    }
}

/// Adds what is missing.
pub async fn add(State(scheme): State<Scheme>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if let Some(policy) = scheme.policy() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(policy));
    }
    response
}

/// Sets the policy of the page that is being rendered: of inline scripts only those with its nonce run. Server functions have
/// no nonce and are left alone.
pub fn page_policy() {
    let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) else { return };
    if let Ok(value) = HeaderValue::from_str(&policy(&nonce.to_string())) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, value);
    }
}

/// Everything from this server, nothing from elsewhere. WebAssembly needs a word of its own to be compiled, which allows no
/// `eval`; the style sheet has small pictures inside (`data:`).
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}
