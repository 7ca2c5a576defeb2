//! Legal forms of companies.

use super::normal::Word;
use std::collections::BTreeSet;

/// Endings of names, as normalised words, each with its one spelling. Longer ones come before their own endings.
const ENDINGS: &[(&[&str], &str)] = &[
    (&["gesellschaft", "mit", "beschrankter", "haftung"], "gmbh"),
    (&["limited", "liability", "company"], "llc"),
    (&["limited", "liability", "partnership"], "llp"),
    (&["public", "limited", "company"], "plc"),
    (&["sa", "de", "cv"], "sadecv"),
    (&["s", "de", "rl"], "sderl"),
    (&["spol", "s", "ro"], "sro"),
    (&["spol", "sro"], "sro"),
    (&["naamloze", "vennootschap"], "nv"),
    (&["naamlooze", "vennootschap"], "nv"),
    (&["besloten", "vennootschap"], "bv"),
    (&["public", "ltd", "co"], "plc"),
    (&["societe", "anonyme"], "sa"),
    (&["kabushiki", "kaisha"], "kk"),
    (&["open", "joint", "stock", "company"], "oao"),
    (&["public", "joint", "stock", "company"], "pao"),
    (&["joint", "stock", "company"], "jsc"),
    (&["auf", "aktien"], "kgaa"),
    (&["kommanditgesellschaft"], "kg"),
    (&["haftungsbeschrankt"], "ug"),
    (&["aktiebolag"], "ab"),
    (&["osakeyhtio"], "oy"),
    (&["ojsc"], "oao"),
    (&["pjsc"], "pao"),
    (&["cjsc"], "zao"),
    (&["sp", "z", "oo"], "spzoo"),
    (&["ug", "haftungsbeschrankt"], "ug"),
    (&["sdn", "bhd"], "sdnbhd"),
    (&["sp", "zoo"], "spzoo"),
    (&["sp", "k"], "spk"),
    (&["sp", "j"], "spj"),
    (&["ges", "mbh"], "gmbh"),
    (&["aktiengesellschaft"], "ag"),
    (&["incorporated"], "inc"),
    (&["corporation"], "corp"),
    (&["proprietary"], "pty"),
    (&["private"], "pvt"),
    (&["limited"], "ltd"),
    (&["company"], "co"),
    (&["gesmbh"], "gmbh"),
    (&["spzoo"], "spzoo"),
];

/// Endings that have one spelling, once their dots are gone.
const WORDS: &[&str] = &[
    "ltd", "inc", "llc", "llp", "lp", "plc", "pllc", "corp", "co", "pty", "pte", "pvt", "cic", "gmbh",
    "ggmbh", "mbh", "ag", "kg", "kgaa", "ohg", "gbr", "ug", "ek", "ev", "eg", "se", "bv", "nv", "vof", "cv",
    "bvba", "sprl", "sa", "sas", "sasu", "sarl", "sca", "scs", "snc", "eurl", "srl", "spa", "sapa", "sl",
    "slu", "slne", "lda", "ltda", "eireli", "oy", "oyj", "ab", "as", "asa", "aps", "ivs", "ehf", "hf", "ou",
    "sia", "uab", "kft", "zrt", "nyrt", "bt", "kkt", "sro", "doo", "dd", "ad", "ead", "ood", "eood", "ooo",
    "oao", "zao", "pao", "tov", "kk", "gk", "bhd", "tbk", "jsc", "vzw", "asbl", "spzoo", "spk",
];

/// Legal forms that some countries write in front, as words, each with its one spelling.
const BEGINNINGS: &[(&[&str], &str)] = &[
    (&["naamloze", "vennootschap"], "nv"),
    (&["naamlooze", "vennootschap"], "nv"),
    (&["besloten", "vennootschap"], "bv"),
    (&["societe", "anonyme"], "sa"),
    (&["obshchestvo", "s", "ogranichennoi", "otvetstvennostyu"], "ooo"),
    (&["open", "joint", "stock", "company"], "oao"),
    (&["public", "joint", "stock", "company"], "pao"),
    (&["joint", "stock", "company"], "jsc"),
    (&["societe", "dite"], "sa"),
    (&["ooo"], "ooo"),
    (&["oao"], "oao"),
    (&["zao"], "zao"),
    (&["pao"], "pao"),
    (&["tov"], "tov"),
    (&["uab"], "uab"),
    (&["sia"], "sia"),
    (&["pt"], "pt"),
    (&["nv"], "nv"),
    (&["bv"], "bv"),
];

/// Forms that end a name even when more words follow: "Contoso GmbH Berlin".
const INSIDE: &[&str] = &[
    "gmbh",
    "bv",
    "nv",
    "inc",
    "incorporated",
    "ltd",
    "llc",
    "plc",
    "llp",
    "sarl",
    "srl",
    "pty",
    "pte",
    "oyj",
    "sro",
    "spzoo",
    "doo",
];

/// Forms written letter by letter, "n v", longest first.
const LETTERS: &[&str] = &[
    "kgaa", "spa", "srl", "llc", "llp", "plc", "sas", "sro", "doo", "nv", "bv", "sa", "ag", "kg", "ab", "as",
    "oy", "lp", "sl", "se", "kk", "ev", "cv",
];

/// Where the legal form at the end of a run of single letters starts.
pub(super) fn in_letters(letters: &str) -> Option<usize> {
    LETTERS.iter().find_map(|form| letters.strip_suffix(form)).map(str::len)
}

/// The form that `word` is, when it may end a name before other words; `stop` tells that a comma or bracket follows.
pub(super) fn inside(word: &str, stop: bool) -> Option<&'static str> {
    let ended = INSIDE.iter().find(|form| **form == word).copied();
    ended.or_else(|| stop.then(|| one_word(word)).flatten())
}

fn one_word(word: &str) -> Option<&'static str> {
    let long = ENDINGS.iter().find(|(form, _)| form.len() == 1 && form[0] == word);
    long.map(|(_, spelling)| *spelling).or_else(|| WORDS.iter().find(|w| **w == word).copied())
}

/// Takes legal forms off and answers them in one spelling. At least one word stays.
pub(super) fn strip(words: &mut Vec<Word>) -> BTreeSet<&'static str> {
    let mut forms = BTreeSet::new();
    while let Some((length, form)) = ending(words) {
        words.truncate(words.len() - length);
        forms.insert(form);
        while words.len() > 1 && words.last().is_some_and(|w| w.text == "and") {
            words.pop();
        }
    }
    let first =
        BEGINNINGS.iter().find(|(form, _)| words.len() > form.len() && same(&words[..form.len()], form));
    if let Some((form, spelling)) = first {
        words.drain(..form.len());
        forms.insert(spelling);
    }
    forms
}

fn ending(words: &[Word]) -> Option<(usize, &'static str)> {
    let long = ENDINGS
        .iter()
        .find(|(form, _)| words.len() > form.len() && same(&words[words.len() - form.len()..], form));
    if let Some((form, spelling)) = long {
        return Some((form.len(), spelling));
    }
    let last = words.last().filter(|_| words.len() > 1)?;
    WORDS.iter().find(|w| **w == last.text).map(|w| (1, *w))
}

fn same(words: &[Word], form: &[&str]) -> bool {
    words.iter().zip(form).all(|(word, part)| word.text == *part)
}
