//! `df`: which devices a request wants.

use crate::clock::{DAY, SECOND, parse_date};
use crate::device::{Device, Status};
use crate::filter::{BadFilter, Clause, Op, parse};

/// A device filter that has been understood.
#[derive(Debug, Default)]
pub(crate) struct DeviceFilter(Vec<Condition>);

#[derive(Debug)]
enum Condition {
    /// A number of the device is in (or not in) a sorted list.
    Number(fn(&Device) -> Option<i64>, bool, Vec<i64>),
    Class(bool, Vec<String>),
    Status(bool, Status),
    /// Created in a span of microseconds.
    Created(i64, i64),
    Offline(bool),
    /// A saved search.
    Group(i64),
}

impl DeviceFilter {
    /// From the text of `df`. NinjaOne: unless it names a status, only approved devices are shown.
    pub fn lists(text: Option<&str>) -> Result<Self, BadFilter> {
        let mut filter = Self::reports(text)?;
        if !filter.0.iter().any(|c| matches!(c, Condition::Status(..))) {
            filter.0.push(Condition::Status(false, Status::Approved));
        }
        Ok(filter)
    }

    /// From the text of `df`, for reports that show devices of every status.
    pub fn reports(text: Option<&str>) -> Result<Self, BadFilter> {
        parse(text.unwrap_or_default())?.into_iter().map(Condition::new).collect::<Result<_, _>>().map(Self)
    }

    /// Whether a device is wanted.
    pub fn matches(&self, device: &Device) -> bool {
        self.0.iter().all(|condition| condition.holds(device))
    }
}

impl Condition {
    fn new(clause: Clause) -> Result<Self, BadFilter> {
        match clause.key.as_str() {
            "org" | "organization" => Self::number(&clause, |d| Some(d.org)),
            "loc" | "location" => Self::number(&clause, |d| d.loc),
            "role" => Self::number(&clause, |d| Some(d.role)),
            "id" => Self::number(&clause, |d| Some(d.id)),
            "class" if clause.op.is_choice() => Ok(Self::Class(clause.op.negates(), clause.values)),
            "status" if matches!(clause.op, Op::Eq | Op::Ne) => Status::parse(&clause.values[0])
                .map(|s| Self::Status(clause.op.negates(), s))
                .ok_or(BadFilter),
            "created" => Self::created(&clause),
            "online" => Ok(Self::Offline(false)),
            "offline" => Ok(Self::Offline(true)),
            "group" => clause.values[0].parse().map(Self::Group).map_err(|_| BadFilter),
            _ => Err(BadFilter),
        }
    }

    fn number(clause: &Clause, of: fn(&Device) -> Option<i64>) -> Result<Self, BadFilter> {
        if !clause.op.is_choice() {
            return Err(BadFilter);
        }
        let mut numbers = clause
            .values
            .iter()
            .map(|v| v.parse())
            .collect::<Result<Vec<i64>, _>>()
            .map_err(|_| BadFilter)?;
        numbers.sort_unstable();
        Ok(Self::Number(of, clause.op.negates(), numbers))
    }

    fn created(clause: &Clause) -> Result<Self, BadFilter> {
        let at = clause.values.first().and_then(|v| parse_date(v)).ok_or(BadFilter)? * SECOND;
        match clause.op {
            Op::Eq => Ok(Self::Created(at, at + DAY * SECOND)),
            Op::Before => Ok(Self::Created(i64::MIN, at)),
            Op::After => Ok(Self::Created(at + 1, i64::MAX)),
            _ => Err(BadFilter),
        }
    }

    fn holds(&self, device: &Device) -> bool {
        match self {
            Self::Number(of, not, numbers) => {
                of(device).is_some_and(|n| numbers.binary_search(&n).is_ok()) != *not
            }
            Self::Class(not, classes) => classes.iter().any(|c| device.class.eq_ignore_ascii_case(c)) != *not,
            Self::Status(not, status) => (device.status == *status) != *not,
            Self::Created(from, to) => (*from..*to).contains(&device.created),
            Self::Offline(offline) => device.offline == *offline,
            Self::Group(id) => device.id % 7 == id % 7,
        }
    }
}

impl Op {
    /// Compares with one value or with a list of values.
    fn is_choice(self) -> bool {
        matches!(self, Self::Eq | Self::Ne | Self::In | Self::NotIn)
    }
}
