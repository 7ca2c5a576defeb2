//! JSON written by hand, straight into a buffer: quick, and with number formats that a serializer would not keep.

use std::fmt::Write;

/// Writes one JSON object into a buffer.
///
/// NinjaOne: null keys are omitted in device, organization and location rows, so the `_opt` methods write nothing
/// for `None`; rows that print nulls say so with [`Obj::null`].
pub(crate) struct Obj<'a> {
    out: &'a mut String,
    first: bool,
}

impl<'a> Obj<'a> {
    /// Opens an object.
    pub fn new(out: &'a mut String) -> Self {
        out.push('{');
        Self { out, first: true }
    }

    /// Writes a key and gives the buffer for its value.
    pub fn key(&mut self, key: &str) -> &mut String {
        if !self.first {
            self.out.push(',');
        }
        self.first = false;
        self.out.push('"');
        self.out.push_str(key);
        self.out.push_str("\":");
        self.out
    }

    /// A whole number.
    pub fn int(&mut self, key: &str, value: i64) -> &mut Self {
        let _ = write!(self.key(key), "{value}");
        self
    }

    /// A whole number, or nothing.
    pub fn int_opt(&mut self, key: &str, value: Option<i64>) -> &mut Self {
        if let Some(value) = value {
            self.int(key, value);
        }
        self
    }

    /// A text.
    pub fn text(&mut self, key: &str, value: &str) -> &mut Self {
        text(self.key(key), value);
        self
    }

    /// A text, or nothing.
    pub fn text_opt(&mut self, key: &str, value: Option<&str>) -> &mut Self {
        if let Some(value) = value {
            self.text(key, value);
        }
        self
    }

    /// A boolean.
    pub fn bool(&mut self, key: &str, value: bool) -> &mut Self {
        self.key(key).push_str(if value { "true" } else { "false" });
        self
    }

    /// An explicit null.
    pub fn null(&mut self, key: &str) -> &mut Self {
        self.key(key).push_str("null");
        self
    }

    /// A time given in microseconds since 1970.
    pub fn time(&mut self, key: &str, micros: i64) -> &mut Self {
        time(self.key(key), micros);
        self
    }

    /// An array of texts.
    pub fn texts<S: AsRef<str>>(&mut self, key: &str, values: &[S]) -> &mut Self {
        array(self.key(key), values, |out, value| text(out, value.as_ref()));
        self
    }

    /// JSON that is ready already.
    pub fn raw(&mut self, key: &str, json: &str) -> &mut Self {
        self.key(key).push_str(json);
        self
    }

    /// Closes the object.
    pub fn end(&mut self) {
        self.out.push('}');
    }
}

/// Writes an array, one call of `write` for each item.
pub(crate) fn array<T>(out: &mut String, items: &[T], mut write: impl FnMut(&mut String, &T)) {
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(']');
}

/// Writes a time. NinjaOne: epoch seconds with nine decimals, of which six carry information.
pub(crate) fn time(out: &mut String, micros: i64) {
    let _ = write!(out, "{}.{:06}000", micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
}

/// Writes a JSON string.
pub(crate) fn text(out: &mut String, value: &str) {
    out.push('"');
    let mut start = 0;
    for (index, byte) in value.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&value[start..index]);
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            _ => {
                let _ = write!(out, "\\u{byte:04x}");
            }
        }
        start = index + 1;
    }
    out.push_str(&value[start..]);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_survive_a_parser() {
        for value in ["plain", "a \"b\" \\ c", "tab\there\u{1}", "東京-01", ""] {
            let mut out = String::new();
            text(&mut out, value);
            assert_eq!(serde_json::from_str::<String>(&out).unwrap(), value);
        }
    }

    #[test]
    fn times_have_nine_decimals() {
        let mut out = String::new();
        time(&mut out, 1_697_827_578_905_000);
        assert_eq!(out, "1697827578.905000000");
    }
}
