//! Pages of other sites that may call the API from a browser: those that the operator lists, and with an API token alone. No
//! answer allows cookies.

use crate::{api, once};
use axum::http::{HeaderName, HeaderValue, Method, header, request::Parts};
use std::{collections::HashSet, time::Duration};
use tower_http::cors::{AllowOrigin, CorsLayer};
use url::Url;

/// Stands for every origin.
const ANY: &str = "*";
/// How long a browser need not ask again.
const KEPT: Duration = Duration::from_secs(3600);

/// Tells browsers that these origins may call the API; `None` when there are none.
pub fn layer(origins: &[String]) -> Option<CorsLayer> {
    if origins.is_empty() {
        return None;
    }
    let origins: HashSet<String> = origins.iter().cloned().collect();
    let listed = move |origin: &HeaderValue, request: &Parts| {
        let known = origins.contains(ANY) || origin.to_str().is_ok_and(|origin| origins.contains(origin));
        known && api::is_inside(request.uri.path())
    };
    let layer = CorsLayer::new()
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            HeaderName::from_static(once::KEY),
        ])
        .expose_headers([
            header::ETAG,
            header::RETRY_AFTER,
            HeaderName::from_static(once::REPLAYED),
            HeaderName::from_static("x-request-id"),
        ])
        .max_age(KEPT);
    Some(layer.allow_origin(AllowOrigin::predicate(listed)))
}

/// An origin as browsers write it, `https://tools.example`, or `*`; else what is wrong.
pub fn origin(text: &str) -> Result<String, String> {
    let written = Url::parse(text).ok().map(|url| url.origin()).filter(|origin| origin.is_tuple());
    match written.map(|origin| origin.ascii_serialization()) {
        _ if text == ANY => Ok(text.to_owned()),
        Some(written) if written == text => Ok(written),
        Some(written) => Err(format!("write it as browsers do: {written}")),
        None => Err("an origin is a scheme and a host, such as https://tools.example".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn an_origin_is_taken_as_browsers_write_it() {
        for right in ["*", "https://tools.example", "http://localhost:5173", "https://xn--bcher-kva.example"]
        {
            assert_eq!(origin(right).as_deref(), Ok(right));
        }
        let other = origin("https://Tools.example:443/");
        assert_eq!(other, Err("write it as browsers do: https://tools.example".to_owned()));
        for wrong in ["", "tools.example", "null", "data:x", "https://tools.example/app", "**"] {
            assert!(origin(wrong).is_err(), "{wrong}");
        }
    }
}
