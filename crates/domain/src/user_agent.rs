//! What browsers and programs call themselves, in plain words.

/// Marks of browsers, the telling ones first: most of them also name those that they come from.
const BROWSERS: [(&str, &str); 9] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
    ("Mozilla/", "A browser"),
];

const SYSTEMS: [(&str, &str); 7] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
];

/// What stands behind a request's `User-Agent`, such as "Firefox on Windows", or a program's own name.
///
/// ```
/// use domain::user_agent::client_words;
/// assert_eq!(client_words("curl/8.5.0"), "curl");
/// ```
pub fn client_words(user_agent: &str) -> String {
    let find = |marks: &[(&str, &'static str)]| {
        marks.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, _) => program(user_agent),
    }
}

/// The name that a program gives itself, as far as it is a name.
fn program(user_agent: &str) -> String {
    let name: String = user_agent
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        .take(40)
        .collect();
    if name.is_empty() { "An unknown program".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::client_words;

    #[test]
    fn browsers_are_told_apart() {
        let windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)";
        let like = "AppleWebKit/537.36 (KHTML, like Gecko)";
        for (agent, words) in [
            (format!("{windows} Gecko/20100101 Firefox/140.0"), "Firefox on Windows"),
            (format!("{windows} {like} Chrome/140.0.0.0 Safari/537.36"), "Chrome on Windows"),
            (format!("{windows} {like} Chrome/140.0.0.0 Safari/537.36 Edg/140.0"), "Edge on Windows"),
            (format!("Mozilla/5.0 (Linux; Android 15) {like} Chrome/140.0 Mobile"), "Chrome on Android"),
            (format!("Mozilla/5.0 (X11; Linux x86_64) {like} HeadlessChrome/140.0"), "Chrome on Linux"),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605".into(),
                "Safari on macOS",
            ),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Mobile".into(), "Safari on iPhone"),
            ("Mozilla/5.0 (Amiga)".into(), "A browser"),
            ("curl/8.5.0".into(), "curl"),
            ("python-requests/2.32".into(), "python-requests"),
            ("<script>".into(), "An unknown program"),
            (String::new(), "An unknown program"),
        ] {
            assert_eq!(client_words(&agent), words, "{agent}");
        }
    }
}
