//! Proposals by names alone.

use super::{
    LEAST, Matcher, Proposal, Subject,
    score::{Likeness, Verdict},
};

/// Two proposals that differ by less than this are equally good.
const TIE: f64 = 0.02;
/// The most that a near spelling, or one of two equally good names, is worth.
const NEAR: f64 = 0.9;

impl Matcher {
    /// The nearest name, if any is near enough.
    pub fn best(&self, name: &str) -> Option<Proposal> {
        self.top(name, 1).into_iter().next()
    }

    /// The `n` nearest names that are near enough, best first.
    pub fn top(&self, name: &str, n: usize) -> Vec<Proposal> {
        let asked = self.asked(&Subject::named(name));
        let mut found: Vec<Proposal> = self
            .candidates(&asked)
            .into_iter()
            .map(|index| (index, self.verdict(&asked, index)))
            .map(|(index, v)| Proposal { index, confidence: steps(&v), reasons: vec![v.reason.to_owned()] })
            .filter(|proposal| proposal.confidence >= LEAST)
            .collect();
        found.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.index.cmp(&b.index)));
        settle_ties(&mut found);
        found.truncate(n);
        found
    }
}

/// One confidence for each way that names are the same.
fn steps(verdict: &Verdict) -> f64 {
    match verdict.kind {
        Likeness::Same => 1.0,
        Likeness::Words | Likeness::NoForm => 0.97,
        Likeness::OtherForm => 0.94,
        Likeness::Order => 0.93,
        Likeness::Joined | Likeness::Near => verdict.chance.min(NEAR),
    }
}

/// When the best two are equally good, nobody can be sure of either.
fn settle_ties(found: &mut [Proposal]) {
    let Some(best) = found.first().map(|p| p.confidence) else { return };
    let tied = found.iter().take_while(|p| best - p.confidence < TIE).count();
    if tied > 1 {
        for proposal in &mut found[..tied] {
            proposal.confidence = proposal.confidence.min(NEAR);
            proposal.reasons.push("Two names are equally close".into());
        }
    }
}
#[cfg(test)]
mod tests {
    use super::*;

    fn best(name: &str, targets: &[&str]) -> Option<(usize, f64, String)> {
        let proposal = Matcher::new(targets).best(name)?;
        Some((proposal.index, proposal.confidence, proposal.reasons.join("; ")))
    }

    fn sure(index: usize, confidence: f64, reason: &str) -> Option<(usize, f64, String)> {
        Some((index, confidence, reason.to_owned()))
    }

    #[test]
    fn tells_how_sure_it_is() {
        let targets = ["Müller & Söhne", "Contoso Ltd", "Blue Yonder Airlines", "Fourth Coffee"];
        for (name, expected) in [
            ("müller  & SÖHNE", sure(0, 1.0, "Same name")),
            ("Muller and Sohne", sure(0, 0.97, "Same name apart from accents, punctuation or \"The\"")),
            ("The Contoso Limited", sure(1, 0.97, "Same name apart from accents, punctuation or \"The\"")),
            ("CONTOSO", sure(1, 0.97, "Same name apart from the legal form")),
            ("Contoso GmbH", sure(1, 0.94, "Same name, but another legal form")),
            ("Airlines, Blue Yonder", sure(2, 0.93, "Same words in another order")),
            ("FourthCoffee", sure(3, 0.9, "Spelled almost the same")),
            ("Tailspin Toys", None),
            ("Coffee", None),
            ("", None),
            ("***", None),
        ] {
            assert_eq!(best(name, &targets), expected, "{name}");
        }
    }

    #[test]
    fn proposes_near_spellings_but_is_never_sure() {
        for (name, target, reason) in [
            ("Contosso", "Contoso", "Spelled almost the same"),
            ("Fabricam Inc", "Fabrikam", "Spelled almost the same"),
            ("Wide World Importer", "Wide World Importers", "Spelled almost the same"),
            ("Wingtip Toys", "Wingtip Toys Berlin", "One name has all words of the other"),
            ("Adventure-Works Cycles", "Adventureworks Cycles", "Spelled almost the same"),
        ] {
            let targets =
                [target, "Northwind Traders", "Litware", "Proseware", "Trey Research", "Graphic Design"];
            let (index, confidence, why) = best(name, &targets).unwrap_or_else(|| panic!("{name}"));
            assert_eq!((index, why.as_str()), (0, reason), "{name}");
            assert!((LEAST..=NEAR).contains(&confidence), "{name}: {confidence}");
        }
    }

    #[test]
    fn different_names_stay_apart() {
        for (name, target) in [
            ("Store 12", "Store 13"),
            ("Clinic 1 Springfield", "Clinic Springfield"),
            ("Acme North", "Acme South"),
            ("Springfield School District North", "Springfield School District South"),
            ("Acme", "Acne"),
            ("Contoso", "Contoso Dental"),
            ("Smith Plumbing", "Smith Dentistry"),
        ] {
            assert_eq!(best(name, &[target, "Northwind", "Litware", "Proseware"]), None, "{name}");
        }
    }

    #[test]
    fn two_equally_close_names_need_a_decision() {
        let tie = "Two names are equally close";
        assert_eq!(best("Contoso", &["Contoso", "contoso"]), sure(0, 0.9, &format!("Same name; {tie}")));
        let (_, confidence, why) = best("Contoso", &["Contoso Ltd", "Contoso GmbH"]).unwrap();
        assert_eq!((confidence, why.contains(tie)), (0.9, true));
        let exact = best("Contoso Ltd", &["Contoso GmbH", "Contoso Ltd", "Contoso"]);
        assert_eq!(exact, sure(1, 1.0, "Same name"));
    }

    #[test]
    fn lists_the_nearest_first() {
        let matcher = Matcher::new(["Contoso Berlin", "Contoso Ltd", "Contosso", "Litware"]);
        let told: Vec<usize> = matcher.top("Contoso", 5).into_iter().map(|p| p.index).collect();
        assert_eq!(told, [1, 2]);
        assert_eq!(matcher.top("Contoso", 0), []);
        assert_eq!(Matcher::new::<&str>([]).best("Contoso"), None);
    }
}
