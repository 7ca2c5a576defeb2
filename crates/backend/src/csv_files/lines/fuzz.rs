//! Any text is a file or refused with a reason, and what was written is read again.

use super::*;
use crate::csv_files::{BOM, write};
use domain::csv_import::COMPANY_COLUMNS;
use proptest::{
    collection::vec,
    prelude::{ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest},
    sample::select,
};

/// What files are made of, put together in any order.
fn file() -> impl Strategy<Value = String> {
    let pieces = [
        "name", "domain", "Phone", "psa ref", ",", ",", ";", "\t", "\n", "\n", "\r\n", "\r", "\"", "\"\"",
        "a", "é", "💥", "\u{feff}", "\u{fffd}", "\0", " ", "=", "'",
    ];
    let any_order = vec(select(pieces.to_vec()), 0..80).prop_map(|pieces| pieces.concat());
    let with_header = any_order.clone().prop_map(|rest| format!("name,domain\n{rest}"));
    prop_oneof![1 => any_order, 3 => with_header, 1 => any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn any_text_is_read_or_refused(text in file()) {
        let Ok(mut file) = read(&text, COMPANY_COLUMNS, 1) else { return Ok(()) };
        let ends = text.matches(['\n', '\r']).count() as i64;
        let kept = file.keep(|line| Ok((line.text("name"), line.text("address"))));
        let numbers: Vec<i64> = kept.iter().map(|line| line.number).collect();
        prop_assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
        let rejected = file.rejected.iter().map(|r| r.line);
        for number in numbers.iter().copied().chain(rejected) {
            prop_assert!((1..=ends + 1).contains(&number), "line {number} of {}", ends + 1);
        }
        prop_assert!(file.rejected.iter().all(|r| !r.message.is_empty()));
    }

    #[test]
    fn what_was_written_is_read_again(rows in vec([any::<String>(), any::<String>(), any::<String>()], 0..8)) {
        let header = ["name", "domain", "phone"].map(str::to_owned);
        let text = BOM.to_owned() + &write::lines([header].into_iter().chain(rows.clone())).unwrap();
        let mut file = read(&text, COMPANY_COLUMNS, 1).unwrap();
        let kept = file.keep(|line| Ok(["name", "domain", "phone"].map(|column| line.text(column))));
        prop_assert_eq!(file.rejected.len(), 0);
        let cell = |cell: String| Some(write::harmless(cell).trim().to_owned()).filter(|text| !text.is_empty());
        let expected: Vec<_> = rows.into_iter().map(|row| row.map(cell)).collect();
        let expected: Vec<_> = expected.into_iter().filter(|row| row.iter().any(Option::is_some)).collect();
        prop_assert_eq!(kept.into_iter().map(|line| line.value).collect::<Vec<_>>(), expected);
    }
}
