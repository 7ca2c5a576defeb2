//! Texts of a test's own: names that no fleet has.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What rows say in place of their own texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Under which keys, at any depth.
    pub keys: Vec<String>,
    /// One of these, by the id of the row.
    pub texts: Vec<String>,
}

impl Told {
    /// What the row of that id says: its text with the id behind it, so that no two rows say the same.
    pub fn of(&self, id: i64) -> String {
        let number = usize::try_from(id).unwrap_or_default();
        let text = self.texts.get(number % self.texts.len().max(1));
        format!("{} {id}", text.map_or("", String::as_str))
    }

    /// The row as it is sent instead.
    pub(crate) fn instead_of(&self, row: &str) -> String {
        let Ok(mut value) = serde_json::from_str::<Value>(row) else { return row.to_owned() };
        self.change(&mut value, 0);
        value.to_string()
    }

    fn change(&self, value: &mut Value, around: i64) {
        match value {
            Value::Object(fields) => {
                let own = ["id", "deviceId"].iter().find_map(|key| fields.get(*key).and_then(Value::as_i64));
                let id = own.unwrap_or(around);
                for (key, value) in fields {
                    if value.is_string() && self.keys.contains(key) {
                        *value = self.of(id).into();
                    } else {
                        self.change(value, id);
                    }
                }
            }
            Value::Array(values) => values.iter_mut().for_each(|value| self.change(value, around)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Told;
    use serde_json::{Value, json};

    #[test]
    fn texts_go_by_the_id_of_what_they_belong_to() {
        let told = Told { keys: vec!["name".to_owned()], texts: vec!["<b>".to_owned(), "a\0b".to_owned()] };
        let row =
            r#"{"id":3,"name":"A","size":1.5,"os":{"name":"B","build":"1"},"sites":[{"id":4,"name":"C"}]}"#;
        let sent: Value = serde_json::from_str(&told.instead_of(row)).unwrap();
        let sites = json!([{ "id": 4, "name": "<b> 4" }]);
        let os = json!({ "name": "a\0b 3", "build": "1" });
        assert_eq!(sent, json!({ "id": 3, "name": "a\0b 3", "size": 1.5, "os": os, "sites": sites }));
    }
}
