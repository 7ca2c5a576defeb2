//! Serial numbers and MAC addresses that identify nothing.

/// Texts that firmware prints where nobody entered a serial number, lower case, without spaces and punctuation.
///
/// Source: placeholder lists of public NinjaOne clients and common DMI defaults.
const PLACEHOLDERS: &[&str] = &[
    "0",
    "systemserialnumber",
    "tobefilledbyoem",
    "0123456789",
    "123456789",
    "1234567890",
    "none",
    "chassisserialnumber",
    "defaultstring",
    "notspecified",
    "notapplicable",
    "na",
    "unknown",
    "serialnumber",
    "oem",
    "invalid",
    "empty",
    "baseboardserialnumber",
    "nil",
    "null",
    "xxxxxxx",
];

/// Whether a serial number identifies a machine: not a placeholder, not one character repeated, long enough.
///
/// ```
/// assert!(domain::serial::is_good("5CG1234XYZ"));
/// assert!(!domain::serial::is_good("To Be Filled By O.E.M."));
/// assert!(!domain::serial::is_good("............"));
/// ```
pub fn is_good(serial: &str) -> bool {
    let bare: String = serial.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let mut letters = bare.chars();
    let Some(first) = letters.next() else {
        return false;
    };
    bare.len() >= 3 && !letters.all(|c| c == first) && !PLACEHOLDERS.contains(&bare.as_str())
}

/// The serial to show and match by: the system's own if good, else the BIOS serial if good, else none.
pub fn best<'a>(serial: Option<&'a str>, bios: Option<&'a str>) -> Option<&'a str> {
    [serial, bios].into_iter().flatten().map(str::trim).find(|s| is_good(s))
}

/// MAC addresses in upper case, each once, in the order first seen.
pub fn distinct_macs<S: AsRef<str>>(macs: impl IntoIterator<Item = S>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for mac in macs {
        let mac = mac.as_ref().trim().to_uppercase();
        if !mac.is_empty() && !out.contains(&mac) {
            out.push(mac);
        }
    }
    out
}

/// A MAC address in any notation as `AA:BB:CC:DD:EE:FF`; `None` for what is none.
pub fn mac(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !matches!(c, ':' | '-' | '.')).collect();
    if digits.len() != 12 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let upper = digits.to_uppercase();
    let pairs: Vec<&str> = (0..6).map(|i| &upper[2 * i..2 * i + 2]).collect();
    Some(pairs.join(":"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bios_serial_stands_in_for_a_placeholder() {
        assert_eq!(best(Some("System Serial Number"), Some(" AB12CD ")), Some("AB12CD"));
        assert_eq!(best(Some("0"), Some("None")), None);
        assert_eq!(best(None, None), None);
    }

    #[test]
    fn a_mac_has_many_notations() {
        for text in ["d0:67:26:00:03:52", "D0-67-26-00-03-52", "d067.2600.0352", "D06726000352"] {
            assert_eq!(mac(text).as_deref(), Some("D0:67:26:00:03:52"), "{text}");
        }
        assert_eq!(["D0:67", "zz:67:26:00:03:52", "éééééé"].map(mac), [None, None, None]);
    }

    #[test]
    fn macs_are_folded() {
        assert_eq!(distinct_macs(["d0:67:26:00:03:52", "D0:67:26:00:03:52", ""]), ["D0:67:26:00:03:52"]);
    }
}
