//! `ETag`: who asks again for what they have already is told so in a few bytes.

use crate::api;
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

/// Marks what reads of the API answer, and answers 304 without a body to who has what there is now.
pub async fn mark(request: Request, next: Next) -> Response {
    let reads = *request.method() == Method::GET && api::is_read(request.uri().path());
    let held: Vec<HeaderValue> = request.headers().get_all(header::IF_NONE_MATCH).iter().cloned().collect();
    let response = next.run(request).await;
    if !reads || response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let tag = tag(&body);
    let Ok(value) = HeaderValue::from_str(&tag) else { return Response::from_parts(parts, Body::from(body)) };
    parts.headers.insert(header::ETAG, value);
    if !held.iter().filter_map(|line| line.to_str().ok()).any(|line| names(line, &tag)) {
        return Response::from_parts(parts, Body::from(body));
    }
    parts.status = StatusCode::NOT_MODIFIED;
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::empty())
}

/// Weak, because the answer may be sent packed.
fn tag(body: &[u8]) -> String {
    let hash = Sha256::digest(body);
    let hex: String = hash[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("W/\"{hex}\"")
}

/// Whether a line of `If-None-Match` or `If-Match` names the tag, in either strength, or any.
pub fn names(line: &str, tag: &str) -> bool {
    let plain = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    line.split(',').any(|held| held.trim() == "*" || plain(held) == plain(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_in_either_strength() {
        let tag = tag(b"[]");
        assert_eq!(tag, tag_of("[]"));
        assert_ne!(tag, tag_of("[ ]"));
        let strong = tag.trim_start_matches("W/").to_owned();
        for line in [tag.clone(), strong.clone(), format!("\"x\", {tag}"), "*".to_owned()] {
            assert!(names(&line, &tag), "{line}");
        }
        for line in ["", "\"x\"", "W/\"x\"", &strong.replace('"', "")] {
            assert!(!names(line, &tag), "{line}");
        }
    }

    fn tag_of(body: &str) -> String {
        tag(body.as_bytes())
    }
}
