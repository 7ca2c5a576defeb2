//! What the preview of an import says.

use crate::ui::number::things;
use domain::csv_import::ImportReport;

/// What is in the file and what to do next, before anything is written.
pub fn preview_sentence(report: &ImportReport) -> String {
    let known = (report.unchanged > 0)
        .then(|| things(report.unchanged, "line is here already", "lines are here already"));
    let problems = report.rejected.len() as i64;
    let wrong = (problems > 0).then(|| things(problems, "line has a problem", "lines have a problem"));
    match (report.created + report.updated, known, wrong) {
        (0, None, None) => "The file has no lines below its header. Choose another file.".to_owned(),
        (0, Some(_), None) => {
            "Everything in this file is here already. There is nothing to import.".to_owned()
        }
        (0, known, Some(wrong)) => {
            let told = [known, Some(wrong)].into_iter().flatten().collect::<Vec<_>>().join(", ");
            format!("{told}. There is nothing to import. Mend the problems below and choose the file again.")
        }
        (_, _, None) => "Nothing is written yet. Look at the figures, then import.".to_owned(),
        (_, _, Some(wrong)) => {
            format!("Nothing is written yet. {wrong} and would be left out; the rest can be imported.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::csv_import::RejectedLine;

    fn said(created: i64, unchanged: i64, rejected: usize) -> String {
        let line = RejectedLine { line: 2, field: "name".to_owned(), message: "Enter a name.".to_owned() };
        preview_sentence(&ImportReport { created, updated: 0, unchanged, rejected: vec![line; rejected] })
    }

    #[test]
    fn lines_that_are_here_are_not_called_wrong() {
        assert_eq!(
            said(0, 3, 2),
            "3 lines are here already, 2 lines have a problem. There is nothing to import. Mend the problems below and \
             choose the file again."
        );
        assert!(said(0, 0, 1).starts_with("1 line has a problem. There is nothing to import."));
        assert!(said(0, 4, 0).starts_with("Everything in this file is here already."));
        assert!(said(0, 0, 0).starts_with("The file has no lines"));
        assert!(said(2, 3, 1).contains("1 line has a problem and would be left out"));
        assert!(said(2, 3, 0).starts_with("Nothing is written yet. Look"));
    }
}
