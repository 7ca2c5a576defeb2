//! Numbers for people, the same on the server and in the browser.

/// `n` with thousands separators: `12,345`.
pub fn count(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::from(if n < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `n` things: `1 device`, `12 devices`.
pub fn things(n: i64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), noun(n, one, many))
}

/// What `n` things are called.
pub fn noun<'a>(n: i64, one: &'a str, many: &'a str) -> &'a str {
    if n == 1 { one } else { many }
}

/// `n` bytes in the largest fitting unit: `1.5 GB`.
pub fn bytes(n: i64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if n.unsigned_abs() < 1000 {
        return format!("{n} B");
    }
    // In tenths of the unit, without floating point: its formatter is a lot of code for the browser.
    let (mut divisor, mut unit) = (100, 0);
    let tenths = |divisor: u64| (n.unsigned_abs() + divisor / 2) / divisor;
    while tenths(divisor) >= 10_000 && unit < UNITS.len() - 1 {
        divisor *= 1000;
        unit += 1;
    }
    let (sign, tenths) = (if n < 0 { "-" } else { "" }, tenths(divisor));
    format!("{sign}{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_separators() {
        let shown = [0, 999, 1000, 12_345, 1_234_567, -1000].map(count);
        assert_eq!(shown, ["0", "999", "1,000", "12,345", "1,234,567", "-1,000"]);
    }

    #[test]
    fn bytes_use_the_largest_fitting_unit() {
        let shown = [0, 999, 1000, 1_500_000, 999_999, 2_000_000_000_000, -1_250].map(bytes);
        assert_eq!(shown, ["0 B", "999 B", "1.0 kB", "1.5 MB", "1.0 MB", "2.0 TB", "-1.3 kB"]);
    }
}
