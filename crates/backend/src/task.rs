//! Work in a task of its own.

use std::{
    pin::Pin,
    task::{Context, Poll},
};
use tokio::task::{JoinError, JoinHandle};

/// A task that ends with whoever waits for it.
pub struct Task<R>(JoinHandle<R>);

impl<R: Send + 'static> Task<R> {
    pub fn spawn(work: impl Future<Output = R> + Send + 'static) -> Self {
        Self(tokio::spawn(work))
    }
}

impl<R> Future for Task<R> {
    type Output = Result<R, JoinError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(cx)
    }
}

impl<R> Drop for Task<R> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
