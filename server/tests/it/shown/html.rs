//! Pages, read as text: what can be pressed, and where links lead.

/// What a page shows somebody: the status of the answer, what can be pressed, in order, and where its links lead.
#[derive(Default)]
pub struct Seen {
    pub status: u16,
    pub pressed: Vec<String>,
    pub leads: Vec<String>,
}

impl Seen {
    /// Of a page as the server sends it.
    pub fn of(status: u16, page: &str) -> Self {
        let outside_of_scripts =
            page.split("</script>").map(|part| part.split("<script").next().unwrap_or_default());
        let html = without_comments(&outside_of_scripts.collect::<String>());
        let mut pressed = [buttons(&html), inputs(&html), forms(&html)].concat();
        pressed.sort();
        let leads = tags(&html, "a").into_iter().filter_map(|(tag, _)| attribute(tag, "href")).collect();
        Self { status, pressed, leads }
    }
}

/// Leptos marks places by comments, which may hold signs of tags.
fn without_comments(html: &str) -> String {
    let mut parts = html.split("<!--");
    let first = parts.next().unwrap_or_default();
    let rest = parts.map(|part| part.split_once("-->").map_or("", |(_, rest)| rest));
    std::iter::once(first).chain(rest).collect()
}

/// What buttons are called.
fn buttons(html: &str) -> Vec<String> {
    let called = |(tag, rest): (&str, &str)| {
        let inside = || text(rest.split("</button>").next().unwrap_or_default());
        attribute(tag, "aria-label").unwrap_or_else(inside)
    };
    tags(html, "button").into_iter().map(called).collect()
}

/// Fields that act by themselves, as far as they can be used: their kind, and what they are called.
fn inputs(html: &str) -> Vec<String> {
    let act = |(tag, _): (&str, &str)| {
        let kinds = [attribute(tag, "role"), attribute(tag, "type")];
        // A switch is a check box, too.
        let acts = |kind: &String| ["combobox", "checkbox", "radio", "file"].contains(&kind.as_str());
        let kind = kinds.into_iter().flatten().find(acts).filter(|_| !is_off(tag))?;
        let called = ["aria-label", "id", "name"].iter().find_map(|key| attribute(tag, key));
        Some(format!("{kind} {}", called.unwrap_or_default()).trim_end().to_owned())
    };
    tags(html, "input").into_iter().filter_map(act).collect()
}

/// Forms that do more than ask for a page.
fn forms(html: &str) -> Vec<String> {
    let sent = |(tag, _): (&str, &str)| {
        let to = attribute(tag, "action").unwrap_or_else(|| "its page".to_owned());
        (attribute(tag, "method").as_deref() == Some("post")).then(|| format!("form to {to}"))
    };
    tags(html, "form").into_iter().filter_map(sent).collect()
}

/// The tags of that name: their attributes, and what follows them.
fn tags<'a>(html: &'a str, name: &str) -> Vec<(&'a str, &'a str)> {
    let begins = format!("<{name}");
    let of_that_name = |part: &&str| part.starts_with([' ', '\n', '>']);
    let parts = html.split(begins.as_str()).skip(1).filter(of_that_name);
    parts.filter_map(|part| part.split_once('>')).collect()
}

/// An attribute's value.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next().map(text)
}

/// Whether a field is shown and cannot be used.
fn is_off(tag: &str) -> bool {
    let without_values: String = tag.split('"').step_by(2).collect();
    without_values.split_whitespace().any(|word| word.trim_end_matches('=') == "disabled")
}

/// HTML as people read it.
fn text(html: &str) -> String {
    let pieces = html.split('<').enumerate();
    let outside = pieces.map(|(at, part)| match at {
        0 => part,
        _ => part.split_once('>').map_or("", |(_, outside)| outside),
    });
    let words = outside.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    words.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}
