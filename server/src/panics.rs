//! A fault of ours that stops a handler half-way: an answer like every other, and a line in the log that holds no more than where.
//!
//! What a panic says may quote anything that the code had in hand, a secret too: it is shown to nobody.

use crate::auth::refuse;
use axum::response::Response;
use std::{any::Any, backtrace::Backtrace, panic};
use tower_http::catch_panic::{CatchPanicLayer, ResponseForPanic};

/// Answers instead of a handler that has panicked.
#[derive(Clone)]
pub struct Answer;

impl ResponseForPanic for Answer {
    type ResponseBody = axum::body::Body;

    fn response_for_panic(&mut self, _said: Box<dyn Any + Send>) -> Response {
        refuse(backend::Error::internal("a handler panicked, see the line before").into_user_error())
    }
}

/// Around all handlers.
pub fn layer() -> CatchPanicLayer<Answer> {
    CatchPanicLayer::custom(Answer)
}

/// Writes into the log where a thread panicked, in place of what Rust prints; with RUST_BACKTRACE also how it came there.
pub fn log() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let thread = std::thread::current().name().unwrap_or("unnamed").to_owned();
        let trace = Backtrace::capture();
        tracing::error!(place, thread, %trace, "panicked");
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, body::to_bytes, extract::Request, routing::get};
    use std::{
        io,
        sync::{Arc, Mutex},
    };
    use tower::ServiceExt;
    use tracing_subscriber::fmt::MakeWriter;

    /// What was logged.
    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no panic while it is held").extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Lines {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    async fn faulty() -> &'static str {
        panic!("canary {}", std::env::args().count())
    }

    #[tokio::test]
    async fn a_panic_is_answered_and_logged_without_what_it_says() {
        let lines = Lines::default();
        let subscriber = tracing_subscriber::fmt().with_writer(lines.clone()).finish();
        let before = panic::take_hook();
        log();
        let response = {
            let _guard = tracing::subscriber::set_default(subscriber);
            let router: Router = Router::new().route("/", get(faulty)).layer(layer());
            router.oneshot(Request::new(axum::body::Body::empty())).await.expect("an answer")
        };
        panic::set_hook(before);
        assert_eq!(response.status(), 500);
        let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        let body = String::from_utf8_lossy(&body).into_owned();
        assert!(body.contains("\"internal\"") && body.contains("report incident"), "{body}");
        let logged = String::from_utf8_lossy(&lines.0.lock().expect("no panic")).into_owned();
        assert!(logged.contains("panicked") && logged.contains("panics.rs"), "{logged}");
        assert!(!body.contains("canary") && !logged.contains("canary"), "{body}\n{logged}");
    }
}
