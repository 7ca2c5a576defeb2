//! Rows that cannot be read, in the midst of others that can.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadRow {
    /// `null` stands in its place.
    Null,
    /// Its id is left out.
    NoId,
    /// Its id is an object.
    IdIsObject,
    /// Its texts are objects. Rows without a text that anybody reads are as good as before.
    TextsAreObjects,
    /// Its numbers are words, the id apart. Rows without a number that anybody reads are as good as before.
    NumbersAreWords,
}

impl BadRow {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Null, Self::NoId, Self::IdIsObject, Self::TextsAreObjects, Self::NumbersAreWords];

    /// Whether such a row still tells which one it is.
    pub fn is_named(self) -> bool {
        matches!(self, Self::TextsAreObjects | Self::NumbersAreWords)
    }

    /// The row as it is sent instead.
    pub(crate) fn spoil(self, row: &str) -> String {
        let Ok(mut fields) = serde_json::from_str::<Map<String, Value>>(row) else { return row.to_owned() };
        match self {
            Self::Null => return "null".to_owned(),
            Self::NoId => fields.retain(|key, _| !is_id(key)),
            Self::IdIsObject | Self::TextsAreObjects | Self::NumbersAreWords => {
                fields.iter_mut().for_each(|(key, value)| self.change(key, value));
            }
        }
        Value::Object(fields).to_string()
    }

    fn change(self, key: &str, value: &mut Value) {
        match self {
            Self::IdIsObject if is_id(key) => *value = json!({}),
            Self::TextsAreObjects if value.is_string() => *value = json!({}),
            Self::NumbersAreWords if value.is_number() && !is_id(key) => *value = json!("many"),
            _ => {}
        }
    }
}

/// Whether rows have their id, or that of what they are about, under this key.
fn is_id(key: &str) -> bool {
    matches!(key, "id" | "deviceId" | "entityId")
}

#[cfg(test)]
mod tests {
    use super::BadRow;

    #[test]
    fn a_row_is_spoilt_in_one_way_each() {
        let row = r#"{"deviceId":7,"name":"A","size":3.5,"on":true}"#;
        let spoilt = BadRow::ALL.map(|how| {
            let text = how.spoil(row);
            serde_json::from_str::<serde_json::Value>(&text).unwrap_or_else(|e| panic!("{text}: {e}"))
        });
        let expected = [
            serde_json::json!(null),
            serde_json::json!({"name": "A", "size": 3.5, "on": true}),
            serde_json::json!({"deviceId": {}, "name": "A", "size": 3.5, "on": true}),
            serde_json::json!({"deviceId": 7, "name": {}, "size": 3.5, "on": true}),
            serde_json::json!({"deviceId": 7, "name": "A", "size": "many", "on": true}),
        ];
        assert_eq!(spoilt, expected);
    }
}
