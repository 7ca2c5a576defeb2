use super::{Check, Checks};
use crate::error::UserError;
use chrono::{DateTime, Utc};

wire! {
    /// What a check is set to.
    #[derive(Copy, Eq)]
    pub struct Rule {
        pub check: Check,
        /// Whether devices are checked.
        pub on: bool,
        /// Days that it looks back or ahead; null for a check without days.
        pub days: Option<i64>,
        /// Whether it counts in the score.
        pub scored: bool,
    }

    /// The rules of a tenant, one for each check.
    pub struct ComplianceRules {
        pub rules: Vec<Rule>,
        /// Counts the changes; 0 while nobody has changed them.
        pub version: i64,
        pub saved_at: Option<DateTime<Utc>>,
        pub saved_by: Option<String>,
    }
}

/// Most days of a rule: ten years.
pub const MOST_DAYS: i64 = 3650;

impl Rule {
    /// What a check is set to when nobody says.
    pub fn of(check: Check) -> Self {
        Self { check, on: true, days: check.default_days(), scored: check.default_scored() }
    }

    /// The words of its check.
    pub fn label(self) -> String {
        self.check.label(self.days)
    }

    fn checked(mut self) -> Result<Self, UserError> {
        match (self.check.default_days(), self.days) {
            (None, _) => self.days = None,
            (Some(_), Some(1..=MOST_DAYS)) => {}
            (Some(_), _) => {
                let message = format!("Enter 1 to {MOST_DAYS} days for \"{}\".", self.label());
                return Err(UserError::invalid("rules", message));
            }
        }
        Ok(self)
    }
}

/// One rule for each check, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSet(Vec<Rule>);

impl Default for RuleSet {
    fn default() -> Self {
        Self(Check::ALL.iter().copied().map(Rule::of).collect())
    }
}

impl RuleSet {
    /// The rules as given, and the usual one for each check that is not among them; refuses days that make no sense.
    pub fn checked(given: Vec<Rule>) -> Result<Self, UserError> {
        let mut all = Self::default();
        for rule in given {
            let rule = rule.checked()?;
            all.0[rule.check as usize] = rule;
        }
        Ok(all)
    }

    /// The rule of a check.
    pub fn get(&self, check: Check) -> Rule {
        self.0[check as usize]
    }

    /// All of them.
    pub fn all(&self) -> &[Rule] {
        &self.0
    }

    /// The checks that are on.
    pub fn on(&self) -> Checks {
        self.0.iter().filter(|rule| rule.on).map(|rule| rule.check).collect()
    }

    /// The checks that are on and count.
    pub fn scored(&self) -> Checks {
        self.0.iter().filter(|rule| rule.on && rule.scored).map(|rule| rule.check).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_given_is_as_usual_and_days_are_looked_at() {
        let given = Rule { check: Check::Offline, on: true, days: Some(14), scored: false };
        let odd = Rule { check: Check::NoOwner, on: false, days: Some(3), scored: true };
        let rules = RuleSet::checked(vec![given, odd]).unwrap();
        assert_eq!(rules.get(Check::Offline), given);
        assert_eq!(rules.get(Check::NoOwner).days, None);
        assert_eq!(rules.get(Check::Missing), Rule::of(Check::Missing));
        assert!(!rules.on().has(Check::NoOwner) && !rules.scored().has(Check::Offline));
        for days in [None, Some(0), Some(3651)] {
            let error = RuleSet::checked(vec![Rule { days, ..given }]).unwrap_err();
            assert_eq!(error.field.as_deref(), Some("rules"), "{days:?}");
        }
    }
}
