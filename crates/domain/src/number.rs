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

/// `n` bytes of memory, which come in powers of two: `15.8 GiB`, `512 MiB`.
pub fn memory(n: i64) -> String {
    const MIB: i64 = 1 << 20;
    const GIB: i64 = 1 << 30;
    match n {
        ..GIB => format!("{} MiB", (n + MIB / 2) / MIB),
        _ => format!("{} GiB", tenths(n, GIB)),
    }
}

/// The speed of a processor: `2.7 GHz`.
pub fn speed(hertz: i64) -> String {
    format!("{} GHz", tenths(hertz, 1_000_000_000))
}

/// How many of `unit` fit into `n`, with one digit behind the point where it is not zero.
fn tenths(n: i64, unit: i64) -> String {
    let tenth = unit / 10;
    let all = n / tenth + i64::from(n % tenth * 2 >= tenth);
    match all % 10 {
        0 => count(all / 10),
        digit => format!("{}.{digit}", count(all / 10)),
    }
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
    fn memory_is_told_in_powers_of_two() {
        let shown =
            [0, 536_870_912, 1_073_741_824, 16_911_433_728, 17_179_869_184, 68_913_397_760].map(memory);
        assert_eq!(shown, ["0 MiB", "512 MiB", "1 GiB", "15.8 GiB", "16 GiB", "64.2 GiB"]);
    }

    #[test]
    fn speeds_have_one_digit_behind_the_point() {
        let shown = [2_694_000_000, 3_000_000_000, 1_949_999_999, 800_000_000].map(speed);
        assert_eq!(shown, ["2.7 GHz", "3 GHz", "1.9 GHz", "0.8 GHz"]);
    }

    #[test]
    fn bytes_use_the_largest_fitting_unit() {
        let shown = [0, 999, 1000, 1_500_000, 999_999, 2_000_000_000_000, -1_250].map(bytes);
        assert_eq!(shown, ["0 B", "999 B", "1.0 kB", "1.5 MB", "1.0 MB", "2.0 TB", "-1.3 kB"]);
    }
}
