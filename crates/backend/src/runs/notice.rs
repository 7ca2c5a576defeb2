//! What a run waits for, as people see it: the seconds that the sentence names run down.

use std::time::Instant;

/// A sentence such as "Throttled by NinjaOne, continuing in 12 s.", and since when it is true.
#[derive(Clone, Debug)]
pub(super) struct Notice {
    text: String,
    since: Instant,
}

impl Notice {
    pub fn new(text: String) -> Self {
        Self { text, since: Instant::now() }
    }

    /// The sentence with the seconds that are left.
    pub fn now(&self) -> String {
        after(&self.text, self.since.elapsed().as_secs()).unwrap_or_else(|| self.text.clone())
    }
}

/// The sentence `gone` seconds later; `None` when it names no seconds.
fn after(text: &str, gone: u64) -> Option<String> {
    let (before, rest) = text.rsplit_once(" in ")?;
    let (seconds, unit) = rest.split_once(' ')?;
    let left = seconds.parse::<u64>().ok()?.saturating_sub(gone).max(1);
    Some(format!("{before} in {left} {unit}"))
}

#[cfg(test)]
mod tests {
    use super::after;

    #[test]
    fn the_seconds_run_down_to_one() {
        let text = "Throttled by NinjaOne, continuing in 12 s.";
        assert_eq!(after(text, 5).as_deref(), Some("Throttled by NinjaOne, continuing in 7 s."));
        assert_eq!(after(text, 90).as_deref(), Some("Throttled by NinjaOne, continuing in 1 s."));
        assert_eq!(after("Waiting in line.", 5), None);
    }
}
