//! Letters that people and languages write differently.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Lower case Latin letters without accents; of punctuation only `.`, `/` and apostrophes inside words stay, and what
/// separates parts of a name: `|`, `<` and `>` with spaces around.
pub(super) fn folded(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 8);
    let mut chars = name.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).peekable();
    while let Some(c) = chars.next() {
        match c {
            '&' | '+' => text.push_str(" and "),
            '\'' | '’' | '‘' | '`' | '´' => text.push('\''),
            ',' | ';' | '|' => text.push_str(" | "),
            '-' | '–' | '—' if text.ends_with(' ') && chars.peek() == Some(&' ') => text.push_str(" | "),
            '(' | '[' | '{' => text.push_str(" < "),
            ')' | ']' | '}' => text.push_str(" > "),
            c if c.is_ascii_alphanumeric() || c == '.' || c == '/' => text.push(c),
            c if is_combining_mark(c) => {}
            c => match latin(c) {
                Some(letters) => text.push_str(letters),
                None if c.is_alphanumeric() => text.push(c),
                None => text.push(' '),
            },
        }
    }
    text
}

/// Letters that have no plain form of their own, Cyrillic and Greek as they are usually written in Latin.
fn latin(c: char) -> Option<&'static str> {
    const LETTERS: &[(char, &str)] = &[
        ('ß', "ss"),
        ('æ', "ae"),
        ('œ', "oe"),
        ('ø', "o"),
        ('ł', "l"),
        ('đ', "d"),
        ('ð', "d"),
        ('þ', "th"),
        ('ı', "i"),
        ('а', "a"),
        ('б', "b"),
        ('в', "v"),
        ('г', "g"),
        ('ґ', "g"),
        ('д', "d"),
        ('е', "e"),
        ('є', "ye"),
        ('ж', "zh"),
        ('з', "z"),
        ('и', "i"),
        ('і', "i"),
        ('к', "k"),
        ('л', "l"),
        ('м', "m"),
        ('н', "n"),
        ('о', "o"),
        ('п', "p"),
        ('р', "r"),
        ('с', "s"),
        ('т', "t"),
        ('у', "u"),
        ('ф', "f"),
        ('х', "kh"),
        ('ц', "ts"),
        ('ч', "ch"),
        ('ш', "sh"),
        ('щ', "shch"),
        ('ъ', ""),
        ('ы', "y"),
        ('ь', ""),
        ('э', "e"),
        ('ю', "yu"),
        ('я', "ya"),
        ('ј', "j"),
        ('љ', "lj"),
        ('њ', "nj"),
        ('ћ', "c"),
        ('ђ', "dj"),
        ('џ', "dz"),
        ('α', "a"),
        ('β', "v"),
        ('γ', "g"),
        ('δ', "d"),
        ('ε', "e"),
        ('ζ', "z"),
        ('η', "i"),
        ('θ', "th"),
        ('ι', "i"),
        ('κ', "k"),
        ('λ', "l"),
        ('μ', "m"),
        ('ν', "n"),
        ('ξ', "x"),
        ('ο', "o"),
        ('π', "p"),
        ('ρ', "r"),
        ('σ', "s"),
        ('ς', "s"),
        ('τ', "t"),
        ('υ', "y"),
        ('φ', "f"),
        ('χ', "ch"),
        ('ψ', "ps"),
        ('ω', "o"),
    ];
    LETTERS.iter().find(|(letter, _)| *letter == c).map(|(_, letters)| *letters)
}
