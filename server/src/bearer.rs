//! Requests of programs: `Authorization: Bearer <token>` in place of a cookie.

use crate::auth::refuse;
use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use backend::{
    Portal,
    session::{Session, Visitor},
};
use domain::error::{ErrorKind, UserError};

/// The token that a request carries; empty when it cannot be read. Other schemes, such as those that a proxy asks for, are not
/// ours.
pub fn token(headers: &HeaderMap) -> Option<&str> {
    headers.get_all(header::AUTHORIZATION).iter().find_map(|value| {
        let value = value.as_bytes();
        let (scheme, token) = value.split_at_checked("bearer".len())?;
        let bearer = scheme.eq_ignore_ascii_case(b"bearer") && token.first().is_none_or(|c| *c == b' ');
        bearer.then(|| std::str::from_utf8(token).unwrap_or_default().trim())
    })
}

/// Whom the token stands for, or the refusal.
pub async fn session(portal: &Portal, token: &str, visitor: &Visitor) -> Result<Session, Response> {
    let found = portal.authenticate_token(token, visitor).await;
    found.map_err(|error| refuse(error.into_user_error()))?.ok_or_else(unknown)
}

/// The refusal of what a program may not do, whatever its role.
pub fn for_people() -> Response {
    let message = "An API token cannot do this. Sign in to the portal and do it there.";
    refuse(UserError::new(ErrorKind::Forbidden, message))
}

/// The same words for every token that is worth nothing.
fn unknown() -> Response {
    let message = "This API token is not valid: it was revoked, has expired, or never was one. Make a new one in the portal.";
    let mut response = refuse(UserError::new(ErrorKind::Unauthenticated, message));
    let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
    response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_and_other_schemes_are_not() {
        let token = |lines: &[&[u8]]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::AUTHORIZATION, HeaderValue::from_bytes(line).unwrap());
            }
            token(&headers).map(str::to_owned)
        };
        assert_eq!(token(&[b"Bearer msp_a"]).as_deref(), Some("msp_a"));
        assert_eq!(token(&[b"bEARER   msp_a "]).as_deref(), Some("msp_a"));
        assert_eq!(token(&[b"Basic c2Ft", b"Bearer msp_a"]).as_deref(), Some("msp_a"));
        assert_eq!(token(&[b"Bearer"]).as_deref(), Some(""));
        assert_eq!(token(&[b"Bearer \xff"]).as_deref(), Some(""));
        assert_eq!(token(&[b"Bearers msp_a"]), None);
        assert_eq!(token(&[b"Basic Bearer"]), None);
        assert_eq!(token(&[]), None);
    }
}
