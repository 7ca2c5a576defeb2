use super::Check;
use crate::{
    Time,
    company::{CompanyRef, is_unreadable},
    error::UserError,
    ids::{CompanyId, DeviceId, ExceptionId},
};
use chrono::{DateTime, NaiveDate, Utc};

wire! {
    /// A device, or all devices of a company, that may fail a check.
    pub struct ComplianceException {
        pub id: ExceptionId,
        pub check: Check,
        /// The device; null when the exception is for the whole company.
        pub device_id: Option<DeviceId>,
        pub device: Option<String>,
        /// The company, or the device's company.
        pub company: CompanyRef,
        pub reason: String,
        /// The last day on which it holds; null for one without an end.
        pub until: Option<DateTime<Utc>>,
        /// Whether that day is over.
        pub expired: bool,
        pub created_at: DateTime<Utc>,
        pub created_by: Option<String>,
        /// Counts changes, for edits that are not to undo somebody else's.
        pub version: i64,
    }
}

/// Whom an exception is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Device(DeviceId),
    Company(CompanyId),
}

/// Whom somebody enters: one of both.
#[derive(Clone, Copy, Debug, Default)]
pub struct SubjectInput {
    pub device: Option<DeviceId>,
    pub company: Option<CompanyId>,
}

impl SubjectInput {
    /// The one that is named, or that one has to be.
    pub fn checked(self) -> Result<Subject, UserError> {
        match (self.device, self.company) {
            (Some(device), None) => Ok(Subject::Device(device)),
            (None, Some(company)) => Ok(Subject::Company(company)),
            _ => Err(UserError::invalid("device", "Name one device or one company.")),
        }
    }
}

/// Why and until when, as somebody enters it.
#[derive(Clone, Debug, Default)]
pub struct TermsInput {
    pub reason: String,
    /// `YYYY-MM-DD`; empty for none.
    pub until: Option<String>,
}

/// Why and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    pub reason: String,
    /// The last day.
    pub until: Option<NaiveDate>,
}

/// Longest reason, in characters.
pub const MOST_REASON: usize = 500;

impl TermsInput {
    /// Reason and last day, or the field that is wrong.
    pub fn checked(&self, now: Time) -> Result<Terms, UserError> {
        let reason = self.reason.trim();
        if reason.is_empty() {
            return Err(UserError::invalid("reason", "Say why: the reason is shown with every report."));
        }
        if reason.chars().count() > MOST_REASON {
            return Err(UserError::invalid("reason", format!("Enter at most {MOST_REASON} characters.")));
        }
        if is_unreadable(reason) {
            return Err(UserError::invalid("reason", "The reason has unreadable characters. Remove them."));
        }
        Ok(Terms { reason: reason.to_owned(), until: self.last_day(now)? })
    }

    fn last_day(&self, now: Time) -> Result<Option<NaiveDate>, UserError> {
        let Some(text) = self.until.as_deref().map(str::trim).filter(|t| !t.is_empty()) else {
            return Ok(None);
        };
        let wrong = |message: &str| UserError::invalid("until", message);
        let day: NaiveDate = text.parse().map_err(|_| wrong("Enter a day as YYYY-MM-DD."))?;
        if day < now.date_naive() {
            return Err(wrong("This day is over. Enter a later one, or none."));
        }
        Ok(Some(day))
    }
}

/// Whether an exception still holds on a day.
///
/// ```
/// use chrono::NaiveDate;
/// let day = |d| NaiveDate::from_ymd_opt(2026, 5, d).unwrap();
/// assert!(domain::compliance::holds(Some(day(2)), day(2)), "the last day counts");
/// assert!(!domain::compliance::holds(Some(day(2)), day(3)));
/// assert!(domain::compliance::holds(None, day(3)));
/// ```
pub fn holds(until: Option<NaiveDate>, today: NaiveDate) -> bool {
    until.is_none_or(|last| today <= last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::DeviceId;

    fn input() -> TermsInput {
        TermsInput { reason: " Kiosk ".into(), until: Some("2026-05-01".into()) }
    }

    fn field(input: &TermsInput) -> Option<String> {
        input.checked("2026-05-01T08:00:00Z".parse().unwrap()).err().and_then(|e| e.field)
    }

    #[test]
    fn an_exception_has_a_subject_a_reason_and_a_day_that_is_not_over() {
        let (device, company) = (DeviceId(uuid::Uuid::nil()), CompanyId(uuid::Uuid::nil()));
        let of = |device, company| SubjectInput { device, company }.checked().map_err(|e| e.field);
        assert_eq!(of(Some(device), None), Ok(Subject::Device(device)));
        assert_eq!(of(None, Some(company)), Ok(Subject::Company(company)));
        assert_eq!(of(Some(device), Some(company)), Err(Some("device".into())));
        assert_eq!(of(None, None), Err(Some("device".into())));
        let terms = input().checked("2026-05-01T08:00:00Z".parse().unwrap()).unwrap();
        assert_eq!((terms.reason.as_str(), terms.until), ("Kiosk", NaiveDate::from_ymd_opt(2026, 5, 1)));
        assert_eq!(field(&TermsInput { reason: " ".into(), ..input() }).as_deref(), Some("reason"));
        for reason in ["é".repeat(501), "a\0b".to_owned()] {
            let wrong = TermsInput { reason, ..input() };
            assert_eq!(field(&wrong).as_deref(), Some("reason"));
        }
        for day in ["2026-04-30", "tomorrow", "2026-02-30"] {
            let wrong = TermsInput { until: Some(day.into()), ..input() };
            assert_eq!(field(&wrong).as_deref(), Some("until"), "{day}");
        }
        assert_eq!(field(&TermsInput { until: Some("  ".into()), ..input() }), None);
    }
}
