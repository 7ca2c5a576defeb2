//! A portal that answers on a free port, and clients that talk to it.

mod client;
mod logs;
mod rows;
mod site;

pub use client::{Answer, Client};
pub use logs::Logs;
pub use rows::{Rows, asks_vendor, files, pages, samples};
pub use site::{PASSWORD, Setup, Site, Writes};

/// Runs a story `async fn(Setup)` on both engines, as `name::sqlite` and `name::postgres`.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name($crate::support::Setup::sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(setup) = $crate::support::Setup::postgres().await {
                    super::$name(setup).await;
                }
            }
        }
    )+};
}
