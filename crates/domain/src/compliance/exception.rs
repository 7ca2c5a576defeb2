use super::Check;
use crate::{
    Time,
    company::CompanyRef,
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
    }
}

/// Whom an exception is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Device(DeviceId),
    Company(CompanyId),
}

/// What somebody enters.
#[derive(Clone, Debug, Default)]
pub struct ExceptionInput {
    pub device: Option<DeviceId>,
    pub company: Option<CompanyId>,
    pub reason: String,
    /// `YYYY-MM-DD`; empty for none.
    pub until: Option<String>,
}

/// Longest reason, in characters.
pub const MOST_REASON: usize = 500;

impl ExceptionInput {
    /// Subject, reason and last day, or the field that is wrong.
    pub fn checked(&self, now: Time) -> Result<(Subject, String, Option<NaiveDate>), UserError> {
        let subject = match (self.device, self.company) {
            (Some(device), None) => Subject::Device(device),
            (None, Some(company)) => Subject::Company(company),
            _ => return Err(UserError::invalid("device_id", "Name one device or one company.")),
        };
        let reason = self.reason.trim();
        if reason.is_empty() {
            return Err(UserError::invalid("reason", "Say why: the reason is shown with every report."));
        }
        if reason.chars().count() > MOST_REASON {
            return Err(UserError::invalid("reason", format!("Enter at most {MOST_REASON} characters.")));
        }
        Ok((subject, reason.to_owned(), self.last_day(now)?))
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

    fn input() -> ExceptionInput {
        let device = Some(DeviceId(uuid::Uuid::nil()));
        ExceptionInput { device, company: None, reason: " Kiosk ".into(), until: Some("2026-05-01".into()) }
    }

    fn field(input: &ExceptionInput) -> Option<String> {
        input.checked("2026-05-01T08:00:00Z".parse().unwrap()).err().and_then(|e| e.field)
    }

    #[test]
    fn an_exception_has_a_subject_a_reason_and_a_day_that_is_not_over() {
        let (_, reason, until) = input().checked("2026-05-01T08:00:00Z".parse().unwrap()).unwrap();
        assert_eq!((reason.as_str(), until), ("Kiosk", NaiveDate::from_ymd_opt(2026, 5, 1)));
        let both = ExceptionInput { company: Some(CompanyId(uuid::Uuid::nil())), ..input() };
        assert_eq!(field(&both).as_deref(), Some("device_id"));
        assert_eq!(field(&ExceptionInput { device: None, ..input() }).as_deref(), Some("device_id"));
        assert_eq!(field(&ExceptionInput { reason: " ".into(), ..input() }).as_deref(), Some("reason"));
        let long = ExceptionInput { reason: "é".repeat(501), ..input() };
        assert_eq!(field(&long).as_deref(), Some("reason"));
        for day in ["2026-04-30", "tomorrow", "2026-02-30"] {
            let wrong = ExceptionInput { until: Some(day.into()), ..input() };
            assert_eq!(field(&wrong).as_deref(), Some("until"), "{day}");
        }
        assert_eq!(field(&ExceptionInput { until: Some("  ".into()), ..input() }), None);
    }
}
