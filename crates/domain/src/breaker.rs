//! The breaker: what is implausible at once waits for a decision.
//!
//! A glitch of the vendor or a lost permission looks like a fleet that vanished or moved. So when more than a set share of
//! the fleet, or of one company, goes missing, moves or changes its type in one run, that part of the run is held back.

use crate::{
    error::UserError,
    run::{ChangeKind, Scope},
};
use std::collections::BTreeMap;

wire! {
    /// When the breaker trips: at more than `percent` of the rows, but never below `rows`.
    #[derive(Copy, Eq)]
    pub struct BreakerSettings {
        /// 1 to 100.
        pub percent: i64,
        /// At least 1.
        pub rows: i64,
    }
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self { percent: 20, rows: 10 }
    }
}

impl BreakerSettings {
    /// Whether so many of the rows at once is implausible.
    ///
    /// ```
    /// let breaker = domain::breaker::BreakerSettings::default();
    /// assert!(breaker.trips(30, 100));
    /// assert!(!breaker.trips(9, 10), "fewer than ten rows never trip it");
    /// assert!(!breaker.trips(20, 100), "twenty percent is not more than twenty percent");
    /// ```
    pub fn trips(self, affected: i64, of: i64) -> bool {
        affected >= self.rows && affected.saturating_mul(100) > of.saturating_mul(self.percent)
    }

    /// Refuses settings that make no sense, naming the field.
    pub fn checked(self) -> Result<Self, UserError> {
        if !(1..=100).contains(&self.percent) {
            return Err(UserError::invalid("percent", "Enter a share from 1 to 100 percent."));
        }
        if !(1..=1_000_000).contains(&self.rows) {
            return Err(UserError::invalid("rows", "Enter a number of rows from 1 to 1,000,000."));
        }
        Ok(self)
    }
}

/// What a run would do to the rows of one company; `company` is any key that tells them apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    pub change: ChangeKind,
    pub company: String,
    pub affected: i64,
    /// Rows of that company.
    pub of: i64,
}

/// A part that is held back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tripped {
    pub change: ChangeKind,
    pub scope: Scope,
    /// The company's key, for that scope.
    pub company: Option<String>,
    pub affected: i64,
    pub of: i64,
}

/// Which parts of a run are implausible. When the fleet's share is, everything of that kind is one part; else each
/// company stands for itself.
///
/// ```
/// use domain::{breaker::{BreakerSettings, Share, judge}, run::{ChangeKind::Missing, Scope}};
/// let share = |company: &str, affected, of| Share { change: Missing, company: company.into(), affected, of };
/// let held = judge(BreakerSettings::default(), 1000, &[share("a", 12, 20), share("b", 12, 500)]);
/// assert_eq!(held.len(), 1);
/// assert_eq!((held[0].scope, held[0].company.as_deref()), (Scope::Company, Some("a")));
/// let held = judge(BreakerSettings::default(), 100, &[share("a", 12, 20), share("b", 12, 80)]);
/// assert_eq!((held.len(), held[0].scope, held[0].affected), (1, Scope::Fleet, 24));
/// ```
pub fn judge(settings: BreakerSettings, fleet: i64, shares: &[Share]) -> Vec<Tripped> {
    let mut kinds: BTreeMap<ChangeKind, Vec<&Share>> = BTreeMap::new();
    for share in shares {
        kinds.entry(share.change).or_default().push(share);
    }
    let mut held = Vec::new();
    for (change, shares) in kinds {
        let affected = shares.iter().map(|s| s.affected).sum();
        if settings.trips(affected, fleet) {
            held.push(Tripped { change, scope: Scope::Fleet, company: None, affected, of: fleet });
            continue;
        }
        held.extend(shares.into_iter().filter(|s| settings.trips(s.affected, s.of)).map(|s| Tripped {
            change,
            scope: Scope::Company,
            company: Some(s.company.clone()),
            affected: s.affected,
            of: s.of,
        }));
    }
    held
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_do_not_add_up() {
        let share = |change, affected| Share { change, company: "a".into(), affected, of: 100 };
        let shares = [share(ChangeKind::Missing, 15), share(ChangeKind::Moved, 15)];
        assert_eq!(judge(BreakerSettings::default(), 100, &shares), []);
    }

    #[test]
    fn an_empty_fleet_that_gains_nothing_is_plausible() {
        assert_eq!(judge(BreakerSettings::default(), 0, &[]), []);
        assert!(BreakerSettings::default().trips(10, 0), "rows of nothing are implausible");
    }

    #[test]
    fn settings_are_checked_by_field() {
        let field = |percent, rows| BreakerSettings { percent, rows }.checked().err().and_then(|e| e.field);
        assert_eq!(field(20, 10), None);
        assert_eq!(field(0, 10).as_deref(), Some("percent"));
        assert_eq!(field(101, 10).as_deref(), Some("percent"));
        assert_eq!(field(20, 0).as_deref(), Some("rows"));
    }
}
