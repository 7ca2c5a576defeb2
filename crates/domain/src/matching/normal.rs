//! Names without what people write differently.

use super::legal;
use std::collections::BTreeSet;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A name as it is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Normal {
    /// Words without accents, case and punctuation; no leading "the", no legal form.
    pub words: Vec<String>,
    /// The legal forms that were taken off, in one spelling.
    pub forms: BTreeSet<&'static str>,
}

impl Normal {
    pub fn of(name: &str) -> Self {
        let mut words = words(name);
        let forms = legal::strip(&mut words);
        if words.len() > 1 && words[0] == "the" {
            words.remove(0);
        }
        Self { words, forms }
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
    let mut words = Vec::new();
    for part in folded(name).split_whitespace() {
        let pieces: Vec<&str> = part.split(['.', '/']).filter(|p| !p.is_empty()).collect();
        let mut initials = String::new();
        for piece in pieces {
            if piece.chars().count() == 1 {
                initials.push_str(piece);
                continue;
            }
            words.extend((!initials.is_empty()).then(|| std::mem::take(&mut initials)));
            words.push(plain(piece).to_owned());
        }
        words.extend((!initials.is_empty()).then_some(initials));
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

/// Lower case without accents; everything that is not a letter, a digit, `.` or `/` is a space.
fn folded(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 8);
    for c in name.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            '&' | '+' => text.push_str(" and "),
            '\'' | '’' | '‘' | '`' | '´' => {}
            'ß' => text.push_str("ss"),
            'æ' => text.push_str("ae"),
            'œ' => text.push_str("oe"),
            'ø' => text.push('o'),
            'ł' => text.push('l'),
            'đ' | 'ð' => text.push('d'),
            'þ' => text.push_str("th"),
            'ı' => text.push('i'),
            c if c.is_alphanumeric() || c == '.' || c == '/' => text.push(c),
            c if is_combining_mark(c) => {}
            _ => text.push(' '),
        }
    }
    text
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
