//! Time-based codes as authenticator apps make them: SHA-1, 30 seconds, 6 digits.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use rand::RngCore;
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;

const STEP: i64 = 30;
/// Clocks may differ by so many steps.
const DRIFT: i64 = 1;

/// A fresh secret of 160 bits, in letters and digits.
pub fn new_secret() -> SecretString {
    let mut secret = [0u8; 20];
    rand::rng().fill_bytes(&mut secret);
    BASE32_NOPAD.encode(&secret).into()
}

/// What was typed as a code of an app, if it looks like one; a recovery code does not.
pub fn typed(text: &str) -> Option<String> {
    let code: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    (code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit())).then_some(code)
}

/// The step that `code` belongs to, near `now` (in seconds) and later than `last`, if the code is right.
pub fn step_of(secret: &SecretString, code: &str, now: i64, last: i64) -> Option<i64> {
    let key = BASE32_NOPAD.decode(secret.expose_secret().as_bytes()).ok()?;
    let present = now / STEP;
    (present - DRIFT..=present + DRIFT).filter(|step| *step > last).find(|step| code_at(&key, *step) == code)
}

/// RFC 4226 over the number of the step (RFC 6238).
fn code_at(key: &[u8], step: i64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).expect("a key of any length will do");
    mac.update(&step.to_be_bytes());
    let digest: [u8; 20] = mac.finalize().into_bytes().into();
    let offset = usize::from(digest[19] & 0xf);
    let bytes = [digest[offset] & 0x7f, digest[offset + 1], digest[offset + 2], digest[offset + 3]];
    format!("{:06}", u32::from_be_bytes(bytes) % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(b"12345678901234567890", seconds / STEP), code, "{seconds}");
        }
    }

    #[test]
    fn a_code_is_good_for_a_moment_and_once() {
        let secret = SecretString::from(BASE32_NOPAD.encode(b"12345678901234567890"));
        let at = |now, last| step_of(&secret, "287082", now, last);
        assert_eq!(at(59, 0), Some(1));
        assert_eq!((at(29, 0), at(89, 0)), (Some(1), Some(1)), "clocks differ a little");
        assert_eq!(at(90, 0), None, "clocks differ too much");
        assert_eq!(at(59, 1), None, "used already");
        assert_eq!(step_of(&secret, "287083", 59, 0), None);
        assert_eq!(step_of(&secret, "", 59, 0), None);
        assert_eq!(typed(" 287 082").as_deref(), Some("287082"));
        assert_eq!([typed("28708"), typed("ABCDEF"), typed("ABCD-EFGH-IJKL-MNOP")], [None, None, None]);
    }
}
