//! How strong a new password is, in words.

use domain::session::MIN_PASSWORD;

/// A hint about `password` as far as it is typed: what is missing, or how long it will hold.
pub fn strength(password: &str) -> &'static str {
    let length = password.chars().count();
    let mut kinds = password.chars().collect::<Vec<_>>();
    kinds.sort_unstable();
    kinds.dedup();
    match length {
        0 => "At least 10 characters. Several words in a row are easy to remember and hard to guess.",
        _ if length < MIN_PASSWORD => "Too short: at least 10 characters.",
        _ if kinds.len() < 5 => "Weak: the same few characters again and again.",
        _ if length < 15 => "Fair. From 15 characters on it is strong.",
        _ => "Strong.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_counts_most() {
        assert_eq!(strength("short"), "Too short: at least 10 characters.");
        assert!(strength("aaaaaaaaaaaaaaaa").starts_with("Weak"));
        assert!(strength("elevenchars").starts_with("Fair"));
        assert_eq!(strength("correct horse battery"), "Strong.");
        assert_eq!(MIN_PASSWORD, 10, "the sentences name the number");
    }
}
