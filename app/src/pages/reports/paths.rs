//! Where the numbers of reports lead.

use crate::ui::url::encode;
use domain::{
    compliance::{Check, Outcome},
    ids::CompanyId,
};

/// The devices of a list; `filters` are keys and values of its address.
pub fn devices_path(filters: &[(&str, &str)]) -> String {
    let given = filters.iter().filter(|(_, value)| !value.is_empty());
    let pairs = given.map(|(key, value)| format!("{key}={}", encode(value))).collect::<Vec<_>>();
    if pairs.is_empty() {
        "/reports/devices".to_owned()
    } else {
        format!("/reports/devices?{}", pairs.join("&"))
    }
}

/// The devices that came out of a check so; of one company or of all.
pub fn check_path(check: Check, outcome: Outcome, company: Option<CompanyId>) -> String {
    let company = company.map(|id| id.to_string()).unwrap_or_default();
    let outcome = if outcome == Outcome::Failing { "" } else { outcome.as_str() };
    devices_path(&[("check", check.as_str()), ("outcome", outcome), ("company", &company)])
}

/// The report of a company.
pub fn company_path(company: CompanyId) -> String {
    format!("/reports/companies/{company}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_usual_is_left_out() {
        assert_eq!(devices_path(&[("check", "")]), "/reports/devices");
        assert_eq!(devices_path(&[("os", "~Toast OS"), ("age", "")]), "/reports/devices?os=~Toast%20OS");
        let path = check_path(Check::NoBackup, Outcome::Failing, None);
        assert_eq!(path, "/reports/devices?check=no_backup");
        let path = check_path(Check::NoBackup, Outcome::Unknown, None);
        assert_eq!(path, "/reports/devices?check=no_backup&outcome=unknown");
    }
}
