//! Legal forms of companies.

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
    "oao", "zao", "pao", "tov", "kk", "gk", "bhd", "tbk",
];

/// Legal forms that some countries write in front.
const BEGINNINGS: &[&str] = &["ooo", "oao", "zao", "pao", "tov", "uab", "sia", "pt"];

/// Takes legal forms off and answers them in one spelling. At least one word stays.
pub(super) fn strip(words: &mut Vec<String>) -> BTreeSet<&'static str> {
    let mut forms = BTreeSet::new();
    while let Some((length, form)) = ending(words) {
        words.truncate(words.len() - length);
        forms.insert(form);
        while words.len() > 1 && words.last().is_some_and(|w| w == "and") {
            words.pop();
        }
    }
    let first = words.first().and_then(|w| BEGINNINGS.iter().find(|b| *b == w));
    if let Some(form) = first.filter(|_| words.len() > 1) {
        words.remove(0);
        forms.insert(form);
    }
    forms
}

fn ending(words: &[String]) -> Option<(usize, &'static str)> {
    let long = ENDINGS.iter().find(|(form, _)| words.len() > form.len() && ends_with(words, form));
    if let Some((form, spelling)) = long {
        return Some((form.len(), spelling));
    }
    let last = words.last().filter(|_| words.len() > 1)?;
    WORDS.iter().find(|w| *w == last).map(|w| (1, *w))
}

fn ends_with(words: &[String], form: &[&str]) -> bool {
    words[words.len() - form.len()..].iter().zip(form).all(|(a, b)| a == b)
}
