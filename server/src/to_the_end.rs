//! A page that has begun to be rendered is rendered to its end, also when nobody waits for it any more.
//!
//! Its parts are rendered by tasks of their own. Were it dropped with the connection, what they read would be gone under their
//! hands, and they would panic: harmless, but a fault in the log for everybody who clicks on before a page is there.

use axum::{extract::Request, http::Method, middleware::Next, response::Response};
use tracing::Instrument;

/// Stands before pages; the API's reads and writes go with who asks.
pub async fn render(request: Request, next: Next) -> Response {
    if *request.method() != Method::GET || request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    let rendered = tokio::spawn(next.run(request).in_current_span()).await;
    rendered.unwrap_or_else(|error| match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(_) => crate::auth::refuse(backend::Error::internal("a page was given up").into_user_error()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, body::Body, middleware::from_fn, routing::get};
    use std::{
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
        time::Duration,
    };
    use tokio::time::{sleep, timeout};
    use tower::ServiceExt;

    /// A handler that takes a moment and then counts.
    fn slow(ends: &Arc<AtomicUsize>) -> axum::routing::MethodRouter {
        let ends = ends.clone();
        get(move || async move {
            sleep(Duration::from_millis(50)).await;
            ends.fetch_add(1, Ordering::SeqCst);
        })
    }

    #[tokio::test]
    async fn a_page_is_rendered_although_nobody_waits() {
        let (pages, reads) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let router = Router::new().route("/page", slow(&pages)).route("/api/read", slow(&reads));
        let router = router.layer(from_fn(render));
        for path in ["/api/read", "/page"] {
            let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
            let asked = router.clone().oneshot(request);
            assert!(timeout(Duration::from_millis(1), asked).await.is_err(), "who asks has gone");
        }
        while pages.load(Ordering::SeqCst) == 0 {
            sleep(Duration::from_millis(5)).await;
        }
        // It began before the page: it would have ended before it.
        assert_eq!(reads.load(Ordering::SeqCst), 0);
    }
}
