//! An authenticator app.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// What the app shows for a key, in letters and digits, at a time in seconds since 1970 (RFC 6238: SHA-1, 30 seconds, 6
/// digits). Panics when it is no key.
pub fn authenticator_code(key: &str, at: i64) -> String {
    let secret = BASE32_NOPAD.decode(key.as_bytes()).expect("a key");
    let mut mac = Hmac::<Sha1>::new_from_slice(&secret).expect("a key of any length will do");
    mac.update(&(at / 30).to_be_bytes());
    let digest: [u8; 20] = mac.finalize().into_bytes().into();
    let start = usize::from(digest[19] & 15);
    let number =
        u32::from_be_bytes([digest[start] & 127, digest[start + 1], digest[start + 2], digest[start + 3]]);
    format!("{:06}", number % 1_000_000)
}

#[cfg(test)]
mod tests {
    /// The last six digits of RFC 6238, appendix B.
    #[test]
    fn codes_are_those_of_the_standard() {
        let key = data_encoding::BASE32_NOPAD.encode(b"12345678901234567890");
        for (at, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(super::authenticator_code(&key, at), code);
        }
    }
}
