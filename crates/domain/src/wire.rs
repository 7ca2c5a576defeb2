//! One place for what every type on the wire derives.

/// Derives what a JSON type needs: `Clone`, `Debug`, `PartialEq`, serde, and (feature `openapi`) its schema.
/// Times are written out as `DateTime<Utc>`: utoipa knows them by that name.
macro_rules! wire {
    ($($(#[$meta:meta])* pub struct $name:ident $body:tt)*) => {$(
        #[derive(Clone, Debug, PartialEq, serde::Serialize)]
        #[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        $(#[$meta])*
        pub struct $name $body

        fields_by_name! { $name $body }
    )*};
}

/// The same for what holds a secret: its `Debug` is its name, so that no log and no panic shows more.
macro_rules! wire_secret {
    ($($(#[$meta:meta])* pub struct $name:ident $body:tt)*) => {$(
        #[derive(Clone, PartialEq, serde::Serialize)]
        #[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        $(#[$meta])*
        pub struct $name $body

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), " { .. }"))
            }
        }

        fields_by_name! { $name $body }
    )*};
}

/// In the browser, a struct is read field by field out of a map: what serde derives is ten times the code, and code
/// has to be loaded before a page reacts.
macro_rules! fields_by_name {
    ($name:ident { $($(#[$meta:meta])* pub $field:ident: $ty:ty),* $(,)? }) => {
        #[cfg(any(target_family = "wasm", test))]
        impl $crate::wire::FromFields for $name {
            fn from_fields(mut fields: $crate::wire::Fields) -> Result<Self, serde_json::Error> {
                Ok(Self { $($field: fields.take(stringify!($field))?),* })
            }
        }

        #[cfg(target_family = "wasm")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
                $crate::wire::read_fields(json)
            }
        }
    };
}

/// A closed set of words: unit variants, snake_case on the wire, `as_str`, `ALL`, `Display`, `FromStr`.
/// The word is a `tt`, because utoipa does not look into a captured `literal`.
macro_rules! words {
    ($($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:tt),+ $(,)? })*) => {$(
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
        #[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        $(#[$meta])*
        $vis enum $name { $($(#[$vmeta])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word on the wire and in the database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        #[cfg(target_family = "wasm")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
                let word = <String as serde::Deserialize>::deserialize(json)?;
                word.parse().map_err(serde::de::Error::custom)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::error::UnknownWord;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|v| v.as_str() == s).ok_or_else(|| $crate::error::UnknownWord(s.to_owned()))
            }
        }
    )*};
}

/// The fields of a JSON object by name.
#[cfg(any(target_family = "wasm", test))]
pub(crate) struct Fields(serde_json::Map<String, serde_json::Value>);

#[cfg(any(target_family = "wasm", test))]
impl Fields {
    /// The field of that name; one that is not there is null.
    #[inline(never)]
    pub(crate) fn take<T: serde::de::DeserializeOwned>(
        &mut self,
        name: &str,
    ) -> Result<T, serde_json::Error> {
        serde_json::from_value(self.0.remove(name).unwrap_or_default())
    }
}

/// A type that is read field by field.
#[cfg(any(target_family = "wasm", test))]
pub(crate) trait FromFields: Sized {
    /// The value out of its fields, or what is wrong with one of them.
    fn from_fields(fields: Fields) -> Result<Self, serde_json::Error>;
}

/// Reads a value field by field.
#[cfg(any(target_family = "wasm", test))]
pub(crate) fn read_fields<'de, T: FromFields, D: serde::Deserializer<'de>>(json: D) -> Result<T, D::Error> {
    let fields = Fields(serde::Deserialize::deserialize(json)?);
    T::from_fields(fields).map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::read_fields;
    use crate::{csv_import::ImportReport, error::UserError, vendor::Problem};

    #[test]
    fn a_panic_shows_no_secret() {
        let entered = crate::integration::ConnectInput {
            client_secret: Some("canary".into()),
            ..crate::integration::ConnectInput::default()
        };
        assert!(serde_json::to_string(&entered).unwrap().contains("canary"));
        let caught = std::panic::catch_unwind(|| panic!("{entered:?}"));
        let message = caught.unwrap_err().downcast::<String>().unwrap();
        assert!(message.contains("ConnectInput") && !message.contains("canary"), "{message}");
    }

    #[test]
    fn field_by_field_reads_what_serde_reads() {
        let report = r#"{"created":1,"updated":0,"unchanged":2,"rejected":[{"line":4,"field":"name","message":"Enter a name."}]}"#;
        let read: ImportReport = read_fields(&mut serde_json::Deserializer::from_str(report)).unwrap();
        assert_eq!(read, serde_json::from_str(report).unwrap());
        let error = r#"{"kind":"not_found","message":"Gone."}"#;
        let read: UserError = read_fields(&mut serde_json::Deserializer::from_str(error)).unwrap();
        assert_eq!(read, serde_json::from_str(error).unwrap());
        let problem = r#"{"code":"x","message":"y","hints":["z"],"field":null}"#;
        let read: Problem = read_fields(&mut serde_json::Deserializer::from_str(problem)).unwrap();
        assert_eq!(read, serde_json::from_str(problem).unwrap());
        let wrong = read_fields::<Problem, _>(&mut serde_json::Deserializer::from_str(r#"{"code":7}"#));
        assert!(wrong.is_err());
    }
}
