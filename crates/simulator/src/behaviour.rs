//! How the simulated server behaves where the real one is unknown, differs by instance, or can be configured.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Switches of the server. Change them with [`Control::set_behaviour`](crate::Control::set_behaviour).
///
/// As JSON (control endpoint `set_behaviour`) durations are seconds, and missing keys keep their value.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Behaviour {
    /// Silently cuts `pageSize` of the entity lists and reports to this many.
    pub page_size_clamp: Option<u32>,
    /// `after` names the first row of the page instead of the one before it (boundary rows come twice).
    pub inclusive_after: bool,
    /// In which order the rows of entity lists come. NinjaOne: ascending by id in captures.
    pub list_order: ListOrder,
    /// Reading of the cursor's numbers: `true`: `count` is the total and `offset` the rows before this page;
    /// `false`: `count` is the rows of the page and `offset` the rows served with it. NinjaOne: disputed.
    pub cursor_count_is_total: bool,
    /// The page that completes a report carries no cursor.
    pub cursor_absent_on_last_page: bool,
    /// How long a report's cursor stays valid.
    #[serde(with = "seconds")]
    pub cursor_lifetime: Duration,
    /// How long new tokens live; also the `expires_in` of the answer.
    #[serde(with = "seconds")]
    pub token_lifetime: Duration,
    /// The scopes of the API app. A request for another one is refused, none requested means all of them.
    pub token_scopes: Vec<String>,
    /// Status for a wrong client secret. NinjaOne: 400 or 401, no capture exists.
    pub wrong_secret_status: u16,
    /// The API app is of another platform, or may not use client credentials. NinjaOne: no capture exists; the word is
    /// that of OAuth 2.
    pub grant_refused: bool,
    /// The fed instance: no contacts, no `noderole/list`.
    pub fed_instance: bool,
    /// What a tenant without the backup module sees.
    pub backup_module: BackupModule,
    /// Waits this long before every answer.
    #[serde(with = "seconds")]
    pub latency: Duration,
    /// Pages that were written are kept and sent again, until a script changes the fleet. What clients see stays the
    /// same, byte for byte; only the price of writing rows is paid once.
    pub keep_pages: bool,
    /// More requests a second than this get a 429 with `Retry-After`; a burst of one second is let through.
    pub requests_per_second: Option<f64>,
    /// The API app was disabled: no new token, and the ones given out stop working.
    pub credentials_revoked: bool,
}

/// In which order the rows of entity lists come, and what `after` means then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ListOrder {
    /// By id. Those after it are larger.
    Ascending,
    /// By id from the largest one. Those after it are smaller: ids go back from page to page.
    Descending,
    /// In no order that ids tell. Those after it are larger all the same, so that a client which goes on from the largest
    /// one misses rows.
    Jumbled,
}

/// What the backup endpoints answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum BackupModule {
    /// Rows.
    On,
    /// 404.
    Missing404,
    /// 403.
    Forbidden403,
    /// 200 without rows.
    Empty,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            page_size_clamp: None,
            inclusive_after: false,
            list_order: ListOrder::Ascending,
            cursor_count_is_total: true,
            cursor_absent_on_last_page: false,
            cursor_lifetime: Duration::from_secs(3600),
            token_lifetime: Duration::from_secs(3600),
            token_scopes: vec!["monitoring".into()],
            wrong_secret_status: 401,
            grant_refused: false,
            fed_instance: false,
            backup_module: BackupModule::On,
            latency: Duration::ZERO,
            keep_pages: false,
            requests_per_second: None,
            credentials_revoked: false,
        }
    }
}

impl Behaviour {
    /// Overlays the keys of a JSON object; says what is wrong when one does not fit.
    pub(crate) fn merge(&mut self, patch: &serde_json::Value) -> Result<(), String> {
        let mut merged = serde_json::to_value(&*self).map_err(|e| e.to_string())?;
        let (Some(all), Some(some)) = (merged.as_object_mut(), patch.as_object()) else {
            return Err("an object is expected".into());
        };
        all.extend(some.iter().map(|(key, value)| (key.clone(), value.clone())));
        *self = serde_json::from_value(merged).map_err(|e| e.to_string())?;
        Ok(())
    }
}

/// Durations as a number of seconds, fractions allowed.
pub(crate) mod seconds {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use std::time::Duration;

    pub fn serialize<S: Serializer>(value: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_f64(value.as_secs_f64())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        Duration::try_from_secs_f64(f64::deserialize(from)?).map_err(D::Error::custom)
    }
}
