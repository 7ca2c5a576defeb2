//! Pages that were read and not yet saved: whoever stops the run waits a moment until they are.

use std::{sync::Arc, time::Duration};
use tokio::sync::watch;

/// How long a run that is to stop may go on to save what it holds: less than operators give a process to end.
const LONGEST: Duration = Duration::from_secs(4);

/// Whether pages are held.
#[derive(Clone)]
pub(super) struct Holding(Arc<watch::Sender<bool>>);

/// While it lives, pages are held.
pub(crate) struct Held(Holding);

impl Holding {
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    pub fn begin(&self) -> Held {
        self.0.send_replace(true);
        Held(self.clone())
    }

    /// What is held is not waited for.
    pub fn forget(&self) {
        self.0.send_replace(false);
    }

    /// Waits until no pages are held, for a moment at the most; `work` goes on meanwhile.
    pub async fn wait(&self, work: impl Future) {
        self.wait_within(LONGEST, work).await;
    }

    async fn wait_within(&self, longest: Duration, work: impl Future) {
        let mut held = self.0.subscribe();
        tokio::select! {
            biased;
            _ = held.wait_for(|held| !held) => (),
            _ = work => (),
            () = tokio::time::sleep(longest) => (),
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.forget();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;
    use tokio::time::{sleep, timeout};

    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn what_is_held_is_waited_for_and_not_for_ever() {
        let holding = Holding::new();
        timeout(LONG / 2, holding.wait_within(LONG, pending::<()>())).await.expect("nothing is held");

        let (held, mut saved) = (holding.begin(), false);
        let saving = async {
            sleep(Duration::from_millis(20)).await;
            saved = true;
            drop(held);
            pending::<()>().await;
        };
        timeout(LONG / 2, holding.wait_within(LONG, saving)).await.expect("an end");
        assert!(saved, "it was waited for");

        let _held = holding.begin();
        let short = Duration::from_millis(20);
        timeout(LONG / 2, holding.wait_within(short, pending::<()>())).await.expect("not for ever");
    }
}
