//! An endpoint, as the page shows it.

use serde_json::Value;

/// What is said of an endpoint.
pub struct Entry {
    pub id: String,
    pub resource: String,
    pub method: String,
    pub path: String,
    pub summary: String,
    /// Who may call it.
    pub needs: String,
    pub fields: Vec<Field>,
    pub curl: String,
    /// An example of the answer.
    pub answer: Option<String>,
    /// Status and what it means.
    pub statuses: Vec<(String, String)>,
    searched: String,
}

/// A parameter of the query, or a field of the body.
pub struct Field {
    pub name: String,
    pub kind: String,
    pub required: bool,
    pub about: String,
}

/// Every endpoint of a description, in its order.
pub fn all(document: &Value) -> Vec<Entry> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let operations = paths.flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| (path, method, operation))
    });
    operations.map(|(path, method, operation)| Reader { document, operation }.entry(path, method)).collect()
}

impl Entry {
    /// Whether it has all of the words, which are in lower case.
    pub fn has(&self, words: &[String]) -> bool {
        words.iter().all(|word| self.searched.contains(word))
    }
}

struct Reader<'a> {
    document: &'a Value,
    operation: &'a Value,
}

impl Reader<'_> {
    fn entry(&self, path: &str, method: &str) -> Entry {
        let text = |key: &str| words(&self.operation[key]);
        let (fields, method) = (self.fields(), method.to_uppercase());
        let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        let searched = format!("{method} {path} {} {}", text("summary"), names.join(" ")).to_lowercase();
        Entry {
            id: text("operationId"),
            resource: self.operation["tags"][0].as_str().unwrap_or_default().to_owned(),
            curl: self.curl(path, &method),
            summary: text("summary"),
            needs: text("description"),
            answer: self.answer(),
            statuses: self.statuses(),
            path: path.to_owned(),
            method,
            fields,
            searched,
        }
    }

    fn parameters(&self) -> impl Iterator<Item = &Value> {
        self.operation["parameters"].as_array().into_iter().flatten()
    }

    fn body(&self) -> &Value {
        &self.operation["requestBody"]["content"]["application/json"]
    }

    fn fields(&self) -> Vec<Field> {
        let parameters = self.parameters().map(|parameter| Field {
            name: parameter["name"].as_str().unwrap_or_default().to_owned(),
            kind: match parameter["in"] == "header" {
                true => "a header".to_owned(),
                false => self.kind(&parameter["schema"]),
            },
            required: parameter["required"] == true,
            about: words(&parameter["description"]),
        });
        let needed = self.body()["schema"]["required"].as_array();
        let properties = self.body()["schema"]["properties"].as_object().into_iter().flatten();
        let properties = properties.map(|(name, schema)| Field {
            name: name.clone(),
            kind: self.kind(schema),
            required: needed.is_some_and(|needed| needed.contains(&Value::from(name.as_str()))),
            about: words(&schema["description"]),
        });
        parameters.chain(properties).collect()
    }

    /// A type in a few words; the words that there may be, where they are a closed set.
    fn kind(&self, schema: &Value) -> String {
        if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
            let target = &self.document["components"]["schemas"][name];
            return match target["enum"].is_array() || target["type"] == "string" {
                true => self.kind(target),
                false => name.to_owned(),
            };
        }
        if let Some(words) = schema["enum"].as_array() {
            return words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ");
        }
        let choices = schema["oneOf"].as_array().into_iter().flatten();
        if let Some(choice) = choices.into_iter().find(|choice| choice["type"] != "null") {
            return self.kind(choice);
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
            kind => kind.as_str(),
        };
        match (kind.unwrap_or("any"), schema["format"].as_str()) {
            ("array", _) => format!("list of {}", self.kind(&schema["items"])),
            ("string", Some("uuid")) => "UUID".to_owned(),
            ("string", Some("date-time")) => "time".to_owned(),
            ("string", _) => "text".to_owned(),
            (kind, _) => kind.to_owned(),
        }
    }

    /// A call that can be pasted into a shell.
    fn curl(&self, path: &str, method: &str) -> String {
        let mut path = path.to_owned();
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for parameter in self.parameters().filter(|parameter| parameter["required"] == true) {
            let name = parameter["name"].as_str().unwrap_or_default();
            let value = plain(&parameter["example"]);
            match parameter["in"].as_str() {
                Some("path") => path = path.replace(&format!("{{{name}}}"), &value),
                _ => _ = query.append_pair(name, &value),
            }
        }
        let query = query.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        let token = match self.operation["security"].is_array() {
            true => " -H \"Authorization: Bearer $MSPORTAL_TOKEN\"",
            false => "",
        };
        let body = match method {
            "POST" => format!(
                " \\\n  -H 'Content-Type: application/json' -d '{}'",
                self.body()["example"].to_string().replace('\'', "'\\''")
            ),
            _ => String::new(),
        };
        format!("curl{token} \"$MSPORTAL{path}{mark}{query}\"{body}")
    }

    fn answer(&self) -> Option<String> {
        let example = self.operation.pointer("/responses/200/content/application~1json/example")?;
        serde_json::to_string_pretty(example).ok()
    }

    fn statuses(&self) -> Vec<(String, String)> {
        let all = self.operation["responses"].as_object().into_iter().flatten();
        let said = all.map(|(status, response)| {
            let reference = response["$ref"].as_str().and_then(|r| r.strip_prefix('#'));
            let response = reference.and_then(|r| self.document.pointer(r)).unwrap_or(response);
            (status.clone(), words(&response["description"]))
        });
        said.collect()
    }
}

/// A description without its marks for code.
fn words(text: &Value) -> String {
    text.as_str().unwrap_or_default().replace('`', "")
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
