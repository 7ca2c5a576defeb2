//! Memory while lists are written to files.

use crate::{
    Outcome,
    memory::{forget_peak, peak_mb},
    seed::Seeded,
};
use axum::{body::Body, http::Request};
use futures::StreamExt;
use server::router::{AppState, router};
use std::time::Instant;
use tower::ServiceExt;

/// A few devices, and all of them.
const FILES: [(&str, &str); 2] = [("missing devices", "?status=missing"), ("all devices", "")];

/// One file.
pub struct Written {
    pub name: &'static str,
    pub rows: usize,
    pub mb: f64,
    pub seconds: f64,
    /// Memory of the process before, and the most meanwhile.
    pub before: f64,
    pub most: f64,
}

/// Downloads files of the list and drops what has arrived.
pub async fn files(seeded: &Seeded) -> Outcome<Vec<Written>> {
    let router = router(AppState::new(seeded.portal.clone()));
    let mut all = Vec::new();
    for (name, filter) in FILES {
        let address = format!("/api/v1/devices/export.csv{filter}");
        let request = Request::get(&address).header("cookie", &seeded.cookie).body(Body::empty())?;
        forget_peak();
        let (before, start) = (peak_mb(), Instant::now());
        let answer = router.clone().oneshot(request).await?;
        if !answer.status().is_success() {
            return Err(format!("{address}: {}", answer.status()).into());
        }
        let (mut pieces, mut bytes, mut lines) = (answer.into_body().into_data_stream(), 0, 0_usize);
        while let Some(piece) = pieces.next().await.transpose()? {
            bytes += piece.len();
            lines += piece.iter().filter(|byte| **byte == b'\n').count();
        }
        let (seconds, mb) = (start.elapsed().as_secs_f64(), bytes as f64 / 1e6);
        all.push(Written { name, rows: lines.saturating_sub(1), mb, seconds, before, most: peak_mb() });
    }
    Ok(all)
}
