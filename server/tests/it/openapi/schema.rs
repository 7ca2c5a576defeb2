//! Reading an OpenAPI document, and holding values against its schemas.

use serde_json::Value;
use std::collections::BTreeMap;

/// A document.
pub struct Document<'a>(pub &'a Value);

impl<'a> Document<'a> {
    /// Every operation by path and method.
    pub fn operations(&self) -> BTreeMap<(String, String), &'a Value> {
        let paths = self.0["paths"].as_object().expect("paths");
        let all = paths.iter().flat_map(|(path, item)| {
            let methods = item.as_object().expect("a path item");
            methods.iter().map(|(method, operation)| ((path.clone(), method.clone()), operation))
        });
        all.collect()
    }

    /// Every `$ref`.
    pub fn references(&self) -> Vec<String> {
        let mut found = Vec::new();
        collect(self.0, &mut found);
        found
    }

    /// What a `$ref` leads to.
    pub fn find(&self, reference: &str) -> Option<&'a Value> {
        self.0.pointer(reference.strip_prefix('#')?)
    }

    /// Holds an answer against the schema of its endpoint.
    #[track_caller]
    pub fn check_answer(&self, path: &str, answer: &Value) {
        let content = &self.0["paths"][path]["get"]["responses"]["200"]["content"];
        self.check(&content["application/json"]["schema"], answer, path);
    }

    /// Holds a value against a schema; `at` says where it stands.
    #[track_caller]
    pub fn check(&self, schema: &Value, value: &Value, at: &str) {
        if let Err(problem) = self.fits(schema, value) {
            panic!("{at}{problem}");
        }
    }

    fn fits(&self, schema: &Value, value: &Value) -> Result<(), String> {
        if let Some(reference) = schema["$ref"].as_str() {
            let target = self.find(reference).ok_or_else(|| format!(": {reference} leads nowhere"))?;
            return self.fits(target, value);
        }
        if let Some(choices) = schema["oneOf"].as_array() {
            let fitting = choices.iter().filter(|choice| self.fits(choice, value).is_ok()).count();
            return if fitting == 1 { Ok(()) } else { Err(format!(": {value} fits {fitting} of {schema}")) };
        }
        if let Some(words) = schema["enum"].as_array() {
            return if words.contains(value) {
                Ok(())
            } else {
                Err(format!(": {value} is none of {words:?}"))
            };
        }
        if !has_type(&schema["type"], value) {
            return Err(format!(": {value} is not {}", schema["type"]));
        }
        match value {
            Value::Object(_) => self.fields_fit(schema, value),
            Value::Array(items) => {
                let mut all = items.iter().enumerate();
                all.try_for_each(|(n, item)| {
                    self.fits(&schema["items"], item).map_err(|e| format!("[{n}]{e}"))
                })
            }
            _ => Ok(()),
        }
    }

    fn fields_fit(&self, schema: &Value, value: &Value) -> Result<(), String> {
        let fields = value.as_object().expect("an object");
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !fields.contains_key(name) {
                return Err(format!(".{name} is not there"));
            }
        }
        for (name, field) in fields {
            let described = &schema["properties"][name];
            if described.is_null() {
                return Err(format!(".{name} is not described"));
            }
            self.fits(described, field).map_err(|e| format!(".{name}{e}"))?;
        }
        Ok(())
    }
}

fn has_type(wanted: &Value, value: &Value) -> bool {
    match wanted {
        Value::String(name) => match name.as_str() {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "boolean" => value.is_boolean(),
            "null" => value.is_null(),
            _ => false,
        },
        Value::Array(names) => names.iter().any(|name| has_type(name, value)),
        _ => false,
    }
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|v| collect(v, found));
        }
        Value::Array(items) => items.iter().for_each(|v| collect(v, found)),
        _ => {}
    }
}
