//! Reading a chosen file in the browser.

use crate::ui::number::bytes;
use domain::csv_import::MAX_BYTES;
use wasm_bindgen_futures::JsFuture;

/// [`MAX_BYTES`] in words.
pub const MAX_SIZE: &str = "16 MB";

/// The text of a file, or a sentence that says why it cannot be read.
pub async fn read_text(file: web_sys::File) -> Result<String, String> {
    if file.size() > MAX_BYTES as f64 {
        let size = bytes(file.size() as i64);
        return Err(format!(
            "{} is too large ({size}). Split it into files of at most {MAX_SIZE}.",
            file.name()
        ));
    }
    let buffer = JsFuture::from(file.array_buffer()).await;
    let buffer = buffer.map_err(|_| format!("{} could not be read. Choose it again.", file.name()))?;
    decode(js_sys::Uint8Array::new(&buffer).to_vec()).ok_or_else(|| {
        format!("{} is not UTF-8 text. In Excel, save it as \"CSV UTF-8 (comma delimited)\".", file.name())
    })
}

/// UTF-8 without its byte order mark, or `None` for anything else.
fn decode(bytes: Vec<u8>) -> Option<String> {
    let text = String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))?;
    Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn only_utf8_is_text() {
        assert_eq!(decode(b"\xef\xbb\xbfname\n".to_vec()).as_deref(), Some("name\n"));
        assert_eq!(decode(b"M\xfcller".to_vec()), None, "Latin-1");
        assert_eq!(decode(b"\xff\xfen\0a\0".to_vec()), None, "UTF-16");
    }
}
