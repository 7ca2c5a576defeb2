//! Examples for answers, parameters and bodies that have none, made from their schemas.

use serde_json::{Map, Value, json};

/// Beyond so many levels, lists stay empty and what may be null is.
const DEEPEST: u8 = 7;

/// Adds what is missing to a description.
pub fn add(document: &mut Value) {
    let schemas = document["components"]["schemas"].clone();
    let maker = Maker { schemas: &schemas };
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for (_, item) in paths {
        for (_, operation) in item.as_object_mut().into_iter().flatten() {
            maker.complete(operation);
        }
    }
}

struct Maker<'a> {
    schemas: &'a Value,
}

impl Maker<'_> {
    fn complete(&self, operation: &mut Value) {
        for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap_or_default().to_owned();
            if parameter["required"] == true && parameter.get("example").is_none() {
                parameter["example"] = self.sample(&parameter["schema"], &name, 0);
            }
        }
        if let Some(body) = operation.pointer_mut("/requestBody/content/application~1json") {
            self.complete_body(body);
        }
        if let Some(answer) = operation.pointer_mut("/responses/200/content/application~1json") {
            answer["example"] = self.sample(&answer["schema"], "", 0);
        }
    }

    /// Every field that has to be there is in the example.
    fn complete_body(&self, body: &mut Value) {
        let mut example = body["example"].as_object().cloned().unwrap_or_default();
        let needed = body["schema"]["required"].as_array().cloned().unwrap_or_default();
        for name in needed.iter().filter_map(Value::as_str) {
            if !example.contains_key(name) {
                let value = self.sample(&body["schema"]["properties"][name], name, 0);
                example.insert(name.to_owned(), value);
            }
        }
        body["example"] = example.into();
    }

    /// A value that the schema allows; `name` is that of the field.
    fn sample(&self, schema: &Value, name: &str, depth: u8) -> Value {
        if let Some(reference) = schema["$ref"].as_str() {
            let target = reference.rsplit('/').next().unwrap_or_default();
            return self.sample(&self.schemas[target], name, depth);
        }
        if let Some(word) = schema["enum"].get(0) {
            return word.clone();
        }
        if let Some(choices) = schema["oneOf"].as_array() {
            let null = choices.iter().any(|choice| choice["type"] == "null");
            let value = choices.iter().find(|choice| choice["type"] != "null");
            return match value {
                Some(choice) if !(null && depth > DEEPEST) => self.sample(choice, name, depth),
                _ => Value::Null,
            };
        }
        let kinds = match &schema["type"] {
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
            kind => vec![kind.as_str().unwrap_or_default()],
        };
        match kinds.iter().find(|kind| **kind != "null") {
            Some(&"string") => text(schema["format"].as_str().unwrap_or_default(), name),
            Some(&"integer") => json!(1),
            Some(&"number") => json!(0.5),
            Some(&"boolean") => json!(true),
            Some(&"array") if depth <= DEEPEST => json!([self.sample(&schema["items"], name, depth + 1)]),
            Some(&"array") => json!([]),
            Some(&"object") => self.object(schema, depth),
            _ => Value::Null,
        }
    }

    fn object(&self, schema: &Value, depth: u8) -> Value {
        let fields = schema["properties"].as_object().into_iter().flatten();
        let made: Map<_, _> =
            fields.map(|(name, field)| (name.clone(), self.sample(field, name, depth + 1))).collect();
        made.into()
    }
}

fn text(format: &str, name: &str) -> Value {
    match (format, name) {
        ("uuid", _) => json!("01890a5d-ac96-774b-bcce-b302099a8057"),
        ("date-time", _) => json!("2027-05-01T03:15:00Z"),
        (_, "name") => json!("Harbour Dental Group"),
        (_, "email") => json!("sam@example.com"),
        (_, "remote_id") => json!("412"),
        (_, name) => json!(name.replace('_', " ")),
    }
}
