//! How arguments cross the wire: JSON whose decoder says which field is wrong.

use serde::{Serialize, de::DeserializeOwned};
use server_fn::{
    Bytes, ContentType, Decodes, Encodes, Format, FormatType,
    codec::{JsonEncoding, Post},
};

/// Arguments as the JSON body of a POST.
pub type JsonArgs = Post<NamingJson>;

/// JSON that names the field which could not be read, in the words of serde: "field `name`: invalid type …".
pub struct NamingJson;

impl ContentType for NamingJson {
    const CONTENT_TYPE: &'static str = JsonEncoding::CONTENT_TYPE;
}

impl FormatType for NamingJson {
    const FORMAT_TYPE: Format = JsonEncoding::FORMAT_TYPE;
}

impl<T: Serialize> Encodes<T> for NamingJson {
    type Error = serde_json::Error;

    fn encode(output: &T) -> Result<Bytes, Self::Error> {
        <JsonEncoding as Encodes<T>>::encode(output)
    }
}

impl<T: DeserializeOwned> Decodes<T> for NamingJson {
    type Error = String;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        let mut json = serde_json::Deserializer::from_slice(&bytes);
        let value = serde_path_to_error::deserialize(&mut json).map_err(|error| named(&error))?;
        json.end().map_err(|error| error.to_string())?;
        Ok(value)
    }
}

fn named(error: &serde_path_to_error::Error<serde_json::Error>) -> String {
    use serde_path_to_error::Segment;
    match error.path().iter().next() {
        Some(Segment::Map { key }) => format!("field `{key}`: {}", error.inner()),
        _ => error.inner().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code)]
    struct Arguments {
        name: String,
        ids: Vec<u32>,
    }

    #[test]
    fn the_field_that_is_wrong_is_named() {
        let read = |text: &'static str| {
            <NamingJson as Decodes<Arguments>>::decode(Bytes::from_static(text.as_bytes())).map(drop)
        };
        assert_eq!(read(r#"{"name": "x", "ids": [1, 2]}"#), Ok(()));
        let error = |text| read(text).unwrap_err();
        assert!(error(r#"{"name": 7, "ids": []}"#).starts_with("field `name`: invalid type"));
        assert!(error(r#"{"name": "x", "ids": [1, "two"]}"#).starts_with("field `ids`: invalid type"));
        assert!(error(r#"{"name": "x"}"#).starts_with("missing field `ids`"));
        assert!(error("7").starts_with("invalid type: integer `7`"));
        assert!(error(r#"{"name": "x", "ids": []} x"#).starts_with("trailing characters"));
    }
}
