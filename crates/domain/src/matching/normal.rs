//! Names without what people write differently.

use super::{legal, letters::folded};
use std::collections::BTreeSet;

/// What comes before another name of the same company.
const ALSO: &[&str] = &[
    " formerly known as ",
    " formerly ",
    " previously ",
    " trading as ",
    " doing business as ",
    " also known as ",
    " d/b/a ",
    " f/k/a ",
    " a/k/a ",
    " t/a ",
    " dba ",
    " fka ",
    " aka ",
    " vormals ",
    " anciennement ",
];

/// One word of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub text: String,
    /// It stands after a comma, a dash or the legal form, or in brackets: often a site, not the name.
    pub after: bool,
}

/// A name as it is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Normal {
    /// Words without accents, case and punctuation; no leading "the", no legal form.
    pub words: Vec<String>,
    /// Which of the words only qualify the name.
    pub after: Vec<bool>,
    /// The legal forms that were taken off, in one spelling.
    pub forms: BTreeSet<&'static str>,
    /// Other names it gives for itself: "formerly Litware", "dba Proseware".
    pub also: Vec<Normal>,
}

impl Normal {
    pub fn of(name: &str) -> Self {
        let text = format!("{} ", folded(name));
        let text = text.trim_start_matches(['<', '|', ' ']);
        let mut cuts: Vec<(usize, usize)> =
            ALSO.iter().flat_map(|also| text.match_indices(also).map(|(at, m)| (at, m.len()))).collect();
        cuts.sort_by_key(|(at, length)| (*at, usize::MAX - length));
        let Some(first) = cuts.first().filter(|(at, _)| *at > 0) else { return Self::part(text) };
        let mut normal = Self::part(&text[..first.0]);
        let mut from = first.0 + first.1;
        for (at, length) in cuts.into_iter().chain([(text.len(), 0)]) {
            if at > from {
                normal.also.push(Self::part(&text[from..at]));
            }
            from = from.max(at + length);
        }
        normal.also.retain(|also| !also.words.is_empty());
        normal
    }

    fn part(text: &str) -> Self {
        let mut forms = BTreeSet::new();
        let mut words = qualified(one_word(spelled(tokens(text))), &mut forms);
        forms.extend(legal::strip(&mut words));
        if words.len() > 1 && words[0].text == "the" {
            words.remove(0);
        }
        if words.iter().all(|w| w.after) {
            words.iter_mut().for_each(|w| w.after = false);
        }
        let (words, after) = words.into_iter().map(|w| (w.text, w.after)).unzip();
        Self { words, after, forms, also: Vec::new() }
    }

    /// The words run together.
    pub fn joined(&self) -> String {
        self.words.concat()
    }

    /// The words in alphabetical order.
    pub fn sorted(&self) -> Vec<String> {
        let mut words = self.words.clone();
        words.sort();
        words
    }

    /// Both names have a legal form, and not the same one.
    pub fn other_form(&self, other: &Self) -> bool {
        !self.forms.is_subset(&other.forms) && !other.forms.is_subset(&self.forms)
    }
}

/// Words in lower case, without accents and punctuation; `&` and `+` are "and", dotted initials are one word.
pub(super) fn words(name: &str) -> Vec<String> {
    tokens(&folded(name)).into_iter().filter(|t| !is_stop(t)).collect()
}

fn is_stop(token: &str) -> bool {
    matches!(token, "|" | "<" | ">")
}

/// The words of a folded text, and the stops between them.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    for part in text.split_whitespace() {
        let mut initials = String::new();
        for piece in part.split(['.', '/']).filter(|p| !p.is_empty()) {
            if piece.chars().count() == 1 && !is_stop(piece) {
                initials.push_str(piece);
                continue;
            }
            tokens.extend((!initials.is_empty()).then(|| std::mem::take(&mut initials)));
            tokens.extend(apart(piece).into_iter().map(|word| plain(&word).to_owned()));
        }
        tokens.extend((!initials.is_empty()).then_some(initials));
    }
    tokens
}

/// "o'brien" is one word; of two longer words the apostrophe only ends the first.
fn apart(piece: &str) -> Vec<String> {
    match piece.split_once('\'') {
        Some((a, b)) if a.chars().count() > 2 && b.chars().count() > 3 => {
            vec![a.to_owned(), b.replace('\'', "")]
        }
        Some(_) => Some(piece.replace('\'', "")).filter(|p| !p.is_empty()).into_iter().collect(),
        None => vec![piece.to_owned()],
    }
}

/// Letters that stand alone are one word: "d s m n v" is "dsm" and its legal form.
fn spelled(tokens: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut run = String::new();
    for token in tokens.into_iter().chain(["|".to_owned()]) {
        let letter = token.chars().count() == 1 && token.chars().all(char::is_alphabetic);
        if letter {
            run.push_str(&token);
            continue;
        }
        let form = legal::in_letters(&run).filter(|at| *at == 0 || is_stop(&token));
        let rest = run.split_off(form.unwrap_or(run.len()));
        out.extend([std::mem::take(&mut run), rest].into_iter().filter(|w| !w.is_empty()));
        out.push(token);
    }
    out.pop();
    out
}

/// One word for countries and compass points of more than one.
fn one_word(mut tokens: Vec<String>) -> Vec<String> {
    const LONG: &[(&[&str], &str)] = &[
        (&["united", "states", "of", "america"], "us"),
        (&["united", "states"], "us"),
        (&["united", "kingdom"], "uk"),
        (&["great", "britain"], "uk"),
        (&["north", "east"], "northeast"),
        (&["north", "west"], "northwest"),
        (&["south", "east"], "southeast"),
        (&["south", "west"], "southwest"),
    ];
    for (long, short) in LONG {
        while let Some(at) = tokens.windows(long.len()).position(|w| w.iter().zip(*long).all(|(a, b)| a == b))
        {
            tokens.splice(at..at + long.len(), [(*short).to_owned()]);
        }
    }
    tokens
}

/// Marks what comes after the name itself, and takes out legal forms that more words follow.
fn qualified(tokens: Vec<String>, forms: &mut BTreeSet<&'static str>) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let (mut after, mut outside) = (false, false);
    for (i, token) in tokens.iter().enumerate() {
        match token.as_str() {
            "|" => after = !words.is_empty(),
            "<" => (outside, after) = (after, !words.is_empty()),
            ">" => after = outside,
            text => {
                let stop = tokens.get(i + 1).is_some_and(|next| is_stop(next));
                let more = tokens[i + 1..].iter().any(|t| !is_stop(t));
                match legal::inside(text, stop).filter(|_| more && !words.is_empty()) {
                    Some(form) => {
                        forms.insert(form);
                        after = true;
                    }
                    None => words.push(Word { text: text.to_owned(), after }),
                }
            }
        }
    }
    words
}

/// One spelling of "and".
fn plain(word: &str) -> &str {
    match word {
        "und" | "et" => "and",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(name: &str) -> String {
        Normal::of(name).words.join(" ")
    }

    #[test]
    fn writes_one_name_one_way() {
        for (name, expected) in [
            ("  The   Coffee-House ", "coffee house"),
            ("MÜLLER & Söhne", "muller and sohne"),
            ("Müller und Söhne", "muller and sohne"),
            ("Black+White", "black and white"),
            ("Straße Łódź Ærø", "strasse lodz aero"),
            ("O'Brien’s", "obriens"),
            ("I.B.M. Global", "ibm global"),
            ("J.R.Smith", "jr smith"),
            ("St.Gallen", "st gallen"),
            ("İstanbul", "istanbul"),
            ("The", "the"),
            ("3M", "3m"),
            ("…", ""),
        ] {
            assert_eq!(text(name), expected, "{name}");
        }
    }

    #[test]
    fn takes_the_legal_form_off() {
        for name in [
            "Acme Ltd",
            "Acme Limited",
            "ACME LTD.",
            "Acme GmbH",
            "Acme AG",
            "Acme, Inc.",
            "Acme Incorporated",
            "Acme L.L.C.",
            "Acme PLC",
            "Acme B.V.",
            "Acme BV",
            "Acme N.V.",
            "Acme S.A.",
            "Acme S.p.A.",
            "Acme S.r.l.",
            "Acme Pty Ltd",
            "Acme Pty. Ltd.",
            "Acme Pte Ltd",
            "Acme Oy",
            "Acme AB",
            "Acme A/S",
            "Acme ApS",
            "Acme Kft.",
            "Acme s.r.o.",
            "Acme spol. s r.o.",
            "Acme Sp. z o.o.",
            "Acme sp.z o.o.",
            "Acme GmbH & Co. KG",
            "Acme & Co.",
            "Acme S.A. de C.V.",
            "Acme d.o.o.",
            "Acme e.V.",
            "Acme Corp.",
            "Acme Corporation",
            "OOO Acme",
            "UAB Acme",
            "The Acme Company",
            "Acme Private Limited",
            "Acme UG (haftungsbeschränkt)",
        ] {
            assert_eq!(text(name), "acme", "{name}");
        }
        assert_eq!(text("Limited"), "limited", "a name is never empty");
        assert_eq!(text("AG Insurance"), "ag insurance", "a legal form comes last");
    }

    #[test]
    fn knows_spellings_of_one_form() {
        let forms = |name| Normal::of(name).forms;
        assert_eq!(forms("Acme Limited"), forms("Acme Ltd."));
        assert_eq!(forms("Acme Private Limited"), forms("Acme Pvt. Ltd."));
        assert!(Normal::of("Acme Ltd").other_form(&Normal::of("Acme GmbH")));
        assert!(!Normal::of("Acme Ltd").other_form(&Normal::of("Acme")));
        assert!(!Normal::of("Acme Pty").other_form(&Normal::of("Acme Pty Ltd")));
    }
}
