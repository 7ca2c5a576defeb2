//! The API answers in JSON and leads nobody anywhere.

use super::is_inside;
use axum::{extract::Request, http::header, middleware::Next, response::Response};

/// Stands right before the server functions. To whoever accepts HTML, Leptos answers with a redirect to the page that they say
/// they come from, as if a form had been sent: any link on any page would lead back there, and programs would get no JSON.
pub async fn json_alone(mut request: Request, next: Next) -> Response {
    if is_inside(request.uri().path()) {
        for name in [header::ACCEPT, header::REFERER] {
            request.headers_mut().remove(name);
        }
    }
    next.run(request).await
}
