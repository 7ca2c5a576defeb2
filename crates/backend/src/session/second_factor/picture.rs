//! What an authenticator app is told, as an address and as a picture of it.

use crate::{Error, Result};
use domain::session::SecondFactorSetup;
use qrcode::{Color, EcLevel, QrCode};
use secrecy::{ExposeSecret, SecretString};
use url::form_urlencoded::byte_serialize;

/// Light modules around the code, as its standard wants.
const QUIET: usize = 4;

/// The secret as an app takes it, under the tenant's name and the user's address.
pub fn setup(secret: &SecretString, tenant: &str, email: &str) -> Result<SecondFactorSetup> {
    let key = secret.expose_secret();
    let (tenant, email) = (encoded(tenant), encoded(email));
    let uri = format!(
        "otpauth://totp/{tenant}:{email}?secret={key}&issuer={tenant}&algorithm=SHA1&digits=6&period=30"
    );
    let (picture, modules) = path(&uri)?;
    Ok(SecondFactorSetup { key: key.to_owned(), uri, picture, modules })
}

/// Percent-encoded, a space as `%20`: apps show a plus as it is.
fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// A path of the dark modules, and how many modules wide the picture is.
fn path(text: &str) -> Result<(String, u32)> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(Error::internal)?;
    let width = code.width();
    let dark = code.to_colors().into_iter().enumerate().filter(|(_, color)| *color == Color::Dark);
    let squares = dark.map(|(n, _)| format!("M{} {}h1v1h-1z", n % width + QUIET, n / width + QUIET));
    Ok((squares.collect(), u32::try_from(width + 2 * QUIET).map_err(Error::internal)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_encoded_and_the_picture_has_its_corners() {
        let secret = SecretString::from("JBSWY3DPEHPK3PXP");
        let setup = setup(&secret, "A & B: MSP", "sam@x.example").unwrap();
        assert!(
            setup
                .uri
                .starts_with("otpauth://totp/A%20%26%20B%3A%20MSP:sam%40x.example?secret=JBSWY3DPEHPK3PXP&")
        );
        let n = setup.modules - 5;
        for corner in ["M4 4h1v1h-1z".to_owned(), format!("M{n} 4h1v1h-1z"), format!("M4 {n}h1v1h-1z")] {
            assert!(setup.picture.contains(&corner), "{corner}");
        }
        assert!(!setup.picture.contains(&format!("M{} ", n + 1)), "a light border");
    }
}
