//! Values as NinjaOne prints them, read leniently where the API is known to vary.

use chrono::DateTime;
use domain::Time;
use serde::{Deserialize, Deserializer, de};
use std::{borrow::Cow, fmt};

/// A numeric id: a number, or a number in quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub i64);

/// A text, borrowed from the body where it holds no escapes; numbers and booleans are taken as they are printed.
#[derive(Debug, PartialEq, Eq)]
pub struct Text<'a>(pub Cow<'a, str>);

/// A time in epoch seconds with a fraction. `None` where the vendor prints zero for "never".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(pub Option<Time>);

/// A list of texts; a single text counts as a list of one.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Texts<'a>(pub Vec<Text<'a>>);

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Text<'_> {
    /// Trimmed, without NUL (databases refuse it); `None` when nothing remains.
    pub fn tidy(self) -> Option<String> {
        let trimmed = self.0.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        match trimmed {
            "" => None,
            text if text.contains('\0') => Some(text.replace('\0', "")),
            text if text.len() == self.0.len() => Some(self.0.into_owned()),
            text => Some(text.to_owned()),
        }
    }
}

/// Above this a time is in milliseconds: in seconds it would lie 3,000 years ahead.
const MILLISECONDS: f64 = 1e11;

impl Moment {
    /// Whole microseconds survive until 2038 (after that to within one): the seconds and the fraction of a double are
    /// split exactly, and the parser errs by less than half a microsecond.
    fn from_number(number: f64) -> Self {
        let seconds = if number > MILLISECONDS { number / 1e3 } else { number };
        let micros = seconds.trunc() * 1e6 + (seconds.fract() * 1e6).round();
        // A cast from f64 saturates, and chrono refuses what is too large.
        Self((micros > 0.0).then(|| DateTime::from_timestamp_micros(micros as i64)).flatten())
    }
}

/// The most that a fraction of a second is printed with.
const DIGITS: usize = 9;

impl Moment {
    /// Reads `1697827578.905000000` digit by digit: more digits than a double has make the parser slow. `None` for any
    /// other form.
    pub fn printed(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || whole.len() > 10 || fraction.len() > DIGITS {
            return None;
        }
        let scale = 10_i64.pow(u32::try_from(DIGITS - fraction.len()).ok()?);
        let nanos = fraction.parse::<i64>().ok()? * scale;
        let micros = whole.parse::<i64>().ok()? * 1_000_000 + (nanos + 500) / 1000;
        Some(Self((micros > 0).then(|| DateTime::from_timestamp_micros(micros)).flatten()))
    }
}

struct IdVisitor;

impl de::Visitor<'_> for IdVisitor {
    type Value = Id;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a numeric id")
    }

    fn visit_i64<E: de::Error>(self, v: i64) -> Result<Id, E> {
        Ok(Id(v))
    }

    fn visit_u64<E: de::Error>(self, v: u64) -> Result<Id, E> {
        i64::try_from(v).map(Id).map_err(E::custom)
    }

    fn visit_str<E: de::Error>(self, v: &str) -> Result<Id, E> {
        v.trim().parse().map(Id).map_err(E::custom)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(IdVisitor)
    }
}

struct TextVisitor;

impl<'de> de::Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E>(self, v: &'de str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Borrowed(v)))
    }

    fn visit_str<E>(self, v: &str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(v.to_owned())))
    }

    fn visit_i64<E>(self, v: i64) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(v.to_string())))
    }

    fn visit_u64<E>(self, v: u64) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(v.to_string())))
    }

    fn visit_f64<E>(self, v: f64) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(v.to_string())))
    }

    fn visit_bool<E>(self, v: bool) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(v.to_string())))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(TextVisitor)
    }
}

struct MomentVisitor;

impl de::Visitor<'_> for MomentVisitor {
    type Value = Moment;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time in epoch seconds")
    }

    fn visit_f64<E>(self, v: f64) -> Result<Moment, E> {
        Ok(Moment::from_number(v))
    }

    fn visit_i64<E>(self, v: i64) -> Result<Moment, E> {
        Ok(Moment::from_number(v as f64))
    }

    fn visit_u64<E>(self, v: u64) -> Result<Moment, E> {
        Ok(Moment::from_number(v as f64))
    }

    fn visit_str<E: de::Error>(self, v: &str) -> Result<Moment, E> {
        v.trim().parse().map(Moment::from_number).map_err(E::custom)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(MomentVisitor)
    }
}

struct TextsVisitor;

impl<'de> de::Visitor<'de> for TextsVisitor {
    type Value = Texts<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("texts")
    }

    fn visit_borrowed_str<E>(self, v: &'de str) -> Result<Texts<'de>, E> {
        Ok(Texts(vec![Text(Cow::Borrowed(v))]))
    }

    fn visit_str<E>(self, v: &str) -> Result<Texts<'de>, E> {
        Ok(Texts(vec![Text(Cow::Owned(v.to_owned()))]))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Texts<'de>, A::Error> {
        let mut out = Vec::with_capacity(seq.size_hint().unwrap_or(0));
        while let Some(text) = seq.next_element::<Option<Text<'de>>>()? {
            out.extend(text);
        }
        Ok(Texts(out))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Texts<'a> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(TextsVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn micros(json: &str) -> Option<i64> {
        serde_json::from_str::<Moment>(json).unwrap().0.map(|t| t.timestamp_micros())
    }

    #[test]
    fn times_keep_their_microseconds() {
        assert_eq!(micros("1697827578.905000000"), Some(1_697_827_578_905_000));
        assert_eq!(micros("1705693792.857588000"), Some(1_705_693_792_857_588));
        assert_eq!(micros("1787898261"), Some(1_787_898_261_000_000));
        assert_eq!(micros("1759136768000"), Some(1_759_136_768_000_000), "milliseconds");
        assert_eq!(micros("\"1695099600.5\""), Some(1_695_099_600_500_000));
        assert_eq!(micros("0"), None);
        assert_eq!(micros("-5.5"), None);
        assert_eq!(micros("1e300"), None);
    }

    #[test]
    fn every_microsecond_of_a_long_walk_survives() {
        let mut at = 1_000_000_000_000_001_i64;
        while at < 2_147_483_648_000_000 {
            let text = format!("{}.{:06}000", at / 1_000_000, at % 1_000_000);
            assert_eq!(micros(&text), Some(at), "{text}");
            assert_eq!(Moment::printed(&text).unwrap().0.map(|t| t.timestamp_micros()), Some(at), "{text}");
            at += 10_999_999_983;
        }
    }

    #[test]
    fn other_forms_of_time_are_left_to_the_parser() {
        for text in ["", ".", "1.", ".5", "-1", "1e3", "\"1\"", "null", "17056937928", "1.0123456789", "1 "] {
            assert_eq!(Moment::printed(text), None, "{text}");
        }
        assert_eq!(Moment::printed("0"), Some(Moment(None)));
        assert_eq!(Moment::printed("1697827578.9"), Moment::printed("1697827578.900000000"));
    }

    #[test]
    fn ids_are_numbers_or_numbers_in_quotes() {
        let id = |json: &str| serde_json::from_str::<Id>(json).ok().map(|i| i.0);
        assert_eq!(id("7"), Some(7));
        assert_eq!(id("\"7\""), Some(7));
        assert_eq!(id("\"x\""), None);
        assert_eq!(id("[]"), None);
        assert_eq!(id("99999999999999999999"), None);
    }

    #[test]
    fn texts_are_borrowed_and_tidied() {
        assert!(matches!(serde_json::from_str("\"plain\"").unwrap(), Text(Cow::Borrowed("plain"))));
        let tidy = |json: &str| serde_json::from_str::<Text<'_>>(json).unwrap().tidy();
        assert_eq!(tidy(r#"" KNOX\\mreed ""#).as_deref(), Some("KNOX\\mreed"));
        assert_eq!(tidy(r#""a\u0000b""#).as_deref(), Some("ab"));
        assert_eq!(tidy("20348").as_deref(), Some("20348"));
        assert_eq!(tidy("\"  \""), None);
        let list = |json: &'static str| serde_json::from_str::<Texts<'_>>(json).unwrap().0.len();
        assert_eq!((list("[\"a\",null,\"b\"]"), list("\"a\"")), (2, 1));
    }
}
