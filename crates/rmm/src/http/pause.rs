//! How long to wait before the next try.

use chrono::{DateTime, Utc};
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use std::time::Duration;

/// First pause after a throttled answer without Retry-After; doubles with each try.
const THROTTLED: Duration = Duration::from_secs(2);
/// First pause after any other trouble; doubles with each try.
const TROUBLE: Duration = Duration::from_millis(500);

/// What Retry-After asks for, from seconds or from an HTTP date; `None` when absent, unreadable, zero or past.
///
/// A date is measured from the answer's own Date header, so that a wrong clock on either side does no harm.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let pause = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let sent = headers.get(DATE).and_then(|d| http_date(d.to_str().ok()?)).unwrap_or_else(now);
            (http_date(text)? - sent).to_std().ok()?
        }
    };
    (!pause.is_zero()).then_some(pause)
}

/// The pause before try `attempt + 1`, counting tries from 1: doubling, and jittered so that clients spread out.
pub fn backoff(attempt: u32, throttled: bool, longest: Duration) -> Duration {
    let first = if throttled { THROTTLED } else { TROUBLE };
    let full = first.saturating_mul(1 << attempt.saturating_sub(1).min(16)).min(longest);
    full.mul_f64(rand::random_range(0.75..=1.0))
}

fn http_date(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(text.trim()).ok().map(Into::into)
}

#[expect(
    clippy::disallowed_methods,
    reason = "Retry-After may be a wall-clock date; nothing else here reads the clock"
)]
fn now() -> DateTime<Utc> {
    std::time::SystemTime::now().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(reqwest::header::HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(k, v)| (k.clone(), v.parse().unwrap())).collect()
    }

    #[test]
    fn retry_after_in_both_forms() {
        let after = |text: &str| retry_after(&headers(&[(RETRY_AFTER, text)]));
        assert_eq!(after("12"), Some(Duration::from_secs(12)));
        assert_eq!(after(" 3 "), Some(Duration::from_secs(3)));
        for text in ["0", "", "soon", "-1", "Wed, 21 Oct 2015 07:28:00 GMT"] {
            assert_eq!(after(text), None, "{text}");
        }
        let coming = (now() + Duration::from_secs(60)).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let pause = after(&coming).unwrap();
        assert!((58..=60).contains(&pause.as_secs()), "{pause:?}");
    }

    #[test]
    fn a_date_is_measured_from_the_senders_clock() {
        let pair = [(RETRY_AFTER, "Wed, 21 Oct 2015 07:28:20 GMT"), (DATE, "Wed, 21 Oct 2015 07:28:00 GMT")];
        assert_eq!(retry_after(&headers(&pair)), Some(Duration::from_secs(20)));
    }

    #[test]
    fn backoff_doubles_up_to_the_longest_pause() {
        let longest = Duration::from_secs(10);
        for (attempt, throttled, seconds) in [
            (1, false, 0.5),
            (2, false, 1.0),
            (1, true, 2.0),
            (3, true, 8.0),
            (9, true, 10.0),
            (99, true, 10.0),
        ] {
            let pause = backoff(attempt, throttled, longest).as_secs_f64();
            assert!((seconds * 0.75..=seconds).contains(&pause), "{attempt} {throttled} {pause}");
        }
    }
}
