//! What holds for all names: checked on thousands of made-up ones, the same in every run.

use super::{Asked, Matcher, Proposal, QUICK_MATCH, Ranking, Subject, TIED, numbers::Numbers};
use std::collections::BTreeSet;

const WORDS: &[&str] = &[
    "Contoso",
    "Fabrikam",
    "Litware",
    "Northwind",
    "Adventure",
    "Tailspin",
    "Wingtip",
    "Proseware",
    "Dental",
    "Group",
    "Services",
    "Berlin",
    "Paris",
    "North",
    "South",
    "2",
    "7",
    "Müller",
    "Söhne",
    "Ø",
    "株式会社",
    "O'Brien",
    "&",
    "-",
    ",",
    "(UK)",
    "GmbH",
    "Ltd.",
    "S.A.",
    "N. V.",
    "dba",
    "The",
    "Иванов",
];

impl Numbers {
    fn name(&mut self) -> String {
        let words: Vec<&str> = (0..=self.below(4)).map(|_| WORDS[self.below(WORDS.len())]).collect();
        let mut name = words.join(" ");
        if self.below(3) == 0 {
            let at = self.below(name.chars().count());
            name = name.chars().enumerate().filter(|(i, _)| *i != at).map(|(_, c)| c).collect();
        }
        name
    }

    fn names(&mut self, count: usize) -> Vec<String> {
        (0..count).map(|_| self.name()).collect()
    }

    fn shuffle<T>(&mut self, all: &mut [T]) {
        for i in (1..all.len()).rev() {
            all.swap(i, self.below(i + 1));
        }
    }
}

fn rank(matcher: &Matcher, name: &str) -> Ranking {
    matcher.rank(&Subject::named(name), &[])
}

fn sure(ranking: &Ranking) -> f64 {
    ranking.best.as_ref().map_or(0.0, |b| b.confidence)
}

#[test]
fn a_pair_is_as_near_both_ways() {
    let mut numbers = Numbers(1);
    let mut near = 0;
    for _ in 0..3000 {
        let a = numbers.name();
        let b = if numbers.below(2) == 0 { numbers.name() } else { format!("{} {a}", numbers.name()) };
        let matcher = Matcher::new([&a, &b]);
        let there = matcher.verdict(&matcher.asked(&Subject::named(a.as_str())), 1);
        let back = matcher.verdict(&matcher.asked(&Subject::named(b.as_str())), 0);
        assert!((there.chance - back.chance).abs() < 1e-9, "{a} / {b}: {there:?} {back:?}");
        assert!((0.0..=1.0).contains(&there.chance), "{a} / {b}: {there:?}");
        near += usize::from(there.chance > 0.3);
    }
    assert!(near > 200, "{near} pairs that are alike");
}

#[test]
fn the_order_of_targets_changes_nothing() {
    let mut numbers = Numbers(2);
    for _ in 0..150 {
        let names: BTreeSet<String> = numbers.names(30).into_iter().collect();
        let names: Vec<String> = names.into_iter().collect();
        let mut others = names.clone();
        numbers.shuffle(&mut others);
        let (one, other) = (Matcher::new(&names), Matcher::new(&others));
        let asked = numbers.name();
        let told = |ranking: &Ranking, names: &[String]| {
            let name =
                |p: &Proposal| (names[p.index].to_lowercase(), p.confidence.to_bits(), p.reasons.clone());
            (ranking.best.as_ref().map(name), ranking.runner_up.as_ref().map(|p| p.confidence), ranking.tied)
        };
        assert_eq!(
            told(&rank(&one, &asked), &names),
            told(&rank(&other, &asked), &others),
            "{asked} among {names:?}"
        );
    }
}

#[test]
fn two_equally_good_targets_never_map() {
    let mut numbers = Numbers(3);
    for _ in 0..1000 {
        let asked = numbers.name();
        let twin = if numbers.below(2) == 0 { numbers.name() } else { asked.clone() };
        let mut targets = numbers.names(6);
        targets.extend([twin.clone(), twin.to_uppercase()]);
        let ranking = rank(&Matcher::new(&targets), &asked);
        let of_twins = ranking.best.as_ref().is_some_and(|b| b.index >= 6);
        assert!(
            !of_twins || (ranking.tied && sure(&ranking) <= TIED),
            "{asked} among {targets:?}: {ranking:?}"
        );
    }
}

#[test]
fn more_that_agrees_never_makes_it_less_likely() {
    let full = Subject {
        domains: vec!["https://contoso.com/start".into()],
        phones: vec!["+49 30 901820".into()],
        addresses: vec!["Unter den Linden 77, 10117 Berlin".into()],
        references: vec!["C-1042".into()],
        ..Subject::named("")
    };
    let steps: [fn(&mut Subject, &Subject); 4] = [
        |s, f| s.domains = f.domains.clone(),
        |s, f| s.phones = f.phones.clone(),
        |s, f| s.addresses = f.addresses.clone(),
        |s, f| s.notes = vec![format!("PSA: {}", f.references[0])],
    ];
    let mut numbers = Numbers(4);
    for _ in 0..500 {
        let mut targets: Vec<Subject> = numbers.names(5).into_iter().map(Subject::named).collect();
        targets[0] = Subject { name: numbers.name(), ..full.clone() };
        let matcher = Matcher::of(targets);
        let mut asked = Subject::named(numbers.name());
        let chance = |asked: &Subject, share: f64| {
            let claims = matcher.claims(&Asked { subject: asked, known: &[(0, share)], not: &[] });
            claims.iter().find(|c| c.target == 0).map_or(0.0, |c| c.chance)
        };
        let mut last = chance(&asked, 0.0);
        for step in steps {
            step(&mut asked, &full);
            let next = chance(&asked, 0.0);
            assert!(next >= last, "{asked:?}: {next} after {last}");
            last = next;
        }
        assert!(chance(&asked, 0.3) >= last && chance(&asked, 0.9) >= chance(&asked, 0.3));
        assert!(chance(&asked, 0.9) >= QUICK_MATCH, "all of it is beyond doubt");
    }
}

#[test]
fn each_more_word_of_the_target_makes_it_likelier() {
    let plain = [
        "Contoso", "Fabrikam", "Litware", "Dental", "Group", "Berlin", "North", "7", "of", "Müller",
        "Services",
    ];
    let mut numbers = Numbers(5);
    for _ in 0..500 {
        let mut words = plain;
        numbers.shuffle(&mut words);
        let target = &words[..2 + numbers.below(5)];
        let matcher = Matcher::new([target.join(" "), "Northwind Traders".into(), "Adventure Works".into()]);
        let chance = |count: usize| {
            let asked = matcher.asked(&Subject::named(target[..count].join(" ")));
            matcher.verdict(&asked, 0).chance
        };
        for count in 1..target.len() {
            let (less, more) = (chance(count), chance(count + 1));
            assert!(more >= less, "{target:?}: {more} with {} words after {less}", count + 1);
        }
        assert_eq!(chance(target.len()), 1.0);
    }
}

#[test]
fn signs_add_up_and_settle_ties() {
    let with = |name: &str, domain: &str| Subject { domains: vec![domain.into()], ..Subject::named(name) };
    let matcher =
        Matcher::of([with("Contoso Ltd", "contoso.co.uk"), with("Contoso GmbH", "contoso-berlin.de")]);
    assert!(matcher.rank(&Subject::named("Contoso"), &[]).tied);
    let settled = matcher.rank(&with("Contoso", "info@contoso-berlin.de"), &[(1, 0.9)]);
    assert_eq!(settled.best.as_ref().map(|b| b.index), Some(1));
    assert!(!settled.tied && sure(&settled) > 0.8, "{settled:?}");
    let against = matcher.rank(&Subject::named("Contoso Ltd"), &[(1, 1.0)]);
    assert!(sure(&against) < QUICK_MATCH, "the name says one, the devices another: {against:?}");
    let few = Subject::named("Contoso Berlin");
    let share = |share: f64| {
        matcher
            .claims(&Asked { subject: &few, known: &[(1, share)], not: &[] })
            .iter()
            .find(|c| c.target == 1)
            .unwrap()
            .chance
    };
    assert!(share(0.0) < share(0.1) && share(0.1) < share(0.3) && share(0.3) < share(0.9));
}

#[test]
fn near_names_wait_for_somebody() {
    let matcher = Matcher::new([
        "Contoso Ltd",
        "Acme - Berlin",
        "Northwind Traders",
        "International Business Machines",
        "Store 12",
        "BlueYonder",
        "Litware (formerly Proseware)",
        "Woodgrove Bank (UK)",
        "United States Steel",
    ]);
    for (name, index, least, most) in [
        ("contoso", 0, QUICK_MATCH, 1.0),
        ("CONTOSO LIMITED", 0, QUICK_MATCH, 1.0),
        ("Contoso GmbH", 0, 0.9, QUICK_MATCH),
        ("Contosso", 0, 0.7, QUICK_MATCH),
        ("Acme - Paris", 1, 0.0, 0.4),
        ("Acme", 1, 0.6, QUICK_MATCH),
        ("N O R T H W I N D Traders", 2, 0.9, 1.0),
        ("IBM", 3, 0.7, QUICK_MATCH),
        ("Store 13", 4, 0.0, 0.1),
        ("Blue Yonder Inc.", 5, 0.9, QUICK_MATCH),
        ("Proseware", 6, 0.8, QUICK_MATCH),
        ("Woodgrove Bank, Spain", 7, 0.0, 0.4),
        ("U.S. Steel Corp.", 8, QUICK_MATCH, 1.0),
    ] {
        let best = rank(&matcher, name).best.unwrap_or_else(|| panic!("{name}"));
        assert_eq!(best.index, index, "{name}: {best:?}");
        assert!((least..=most).contains(&best.confidence), "{name}: {best:?}");
    }
    for nothing in ["", "…", "&", "Tailspin Toys"] {
        assert!(sure(&rank(&matcher, nothing)) < 0.05, "{nothing}");
    }
}

#[test]
fn abbreviated_words_are_the_words() {
    let matcher = Matcher::new([
        "Northwest Property Management",
        "Southwest Property Management",
        "Hanley Plumbing Supplies",
        "Green Mountain Accounting",
        "Tailspin Bank",
        "Boston Medical",
    ]);
    let shortened = "Same words, shortened or translated";
    for (name, index, least, reason) in [
        ("NW Property Mgmt", 0, 0.8, shortened),
        ("N.W. Property Mgt.", 0, 0.8, shortened),
        ("North West Property Mgmt", 0, 0.8, shortened),
        ("SW Property Mgmt", 1, 0.8, shortened),
        ("Hanley Plmbg Supplies", 2, 0.7, "Spelled almost the same"),
        ("Green Mtn Acctg", 3, 0.8, shortened),
    ] {
        let best = rank(&matcher, name).best.unwrap_or_else(|| panic!("{name}"));
        assert_eq!((best.index, best.reasons[0].as_str()), (index, reason), "{name}: {best:?}");
        assert!((least..QUICK_MATCH).contains(&best.confidence), "{name}: {best:?}");
    }
    for other in ["NE Property Mgmt", "BSN Medical", "Hanley Tmbr"] {
        assert!(sure(&rank(&matcher, other)) < 0.5, "{other}: {:?}", rank(&matcher, other));
    }
}

#[test]
fn each_target_is_given_once() {
    let matcher = Matcher::new(["Contoso", "Fabrikam", "Litware"]);
    let assign = |names: &[&str]| {
        let subjects: Vec<Subject> = names.iter().map(|n| Subject::named(*n)).collect();
        matcher.assign(subjects.iter().map(|subject| Asked { subject, known: &[], not: &[] }))
    };
    let rankings = assign(&["Contoso", "Contoso Ltd", "Litware", "LITWARE", "Fabrikam"]);
    let conflicts: Vec<bool> = rankings.iter().map(|r| r.conflict).collect();
    assert_eq!(conflicts, [false, true, true, true, false]);
    assert!(sure(&rankings[0]) >= QUICK_MATCH && sure(&rankings[4]) >= QUICK_MATCH);
    for ranking in &rankings[1..4] {
        assert!(sure(ranking) <= TIED, "{ranking:?}");
    }
    let turned: Vec<Ranking> = assign(&["Fabrikam", "LITWARE", "Litware", "Contoso Ltd", "Contoso"]);
    assert_eq!(turned.iter().rev().collect::<Vec<_>>()[0], &rankings[0]);
    assert_eq!(turned[3].conflict, rankings[1].conflict);
}

#[test]
fn who_does_not_get_it_is_still_told_what_it_looks_like() {
    let matcher = Matcher::new(["Northwind", "Northwind Dental Group"]);
    let subjects = ["Northwind", "NORTHWIND"].map(Subject::named);
    let asked = subjects.iter().map(|subject| Asked { subject, known: &[], not: &[] });
    for ranking in matcher.assign(asked) {
        let best = ranking.best.unwrap();
        assert!(ranking.conflict && best.index == 0 && best.confidence > 0.4, "{best:?}");
    }
}

#[test]
fn public_domains_and_junk_say_nothing() {
    let with = |domain: &str, phone: &str| Subject {
        domains: vec![domain.into()],
        phones: vec![phone.into()],
        ..Subject::named("Northwind")
    };
    let asked = |domain: &str, phone: &str| Subject { name: "Tailspin".into(), ..with(domain, phone) };
    for (a, b, phone, found) in [
        ("info@gmail.com", "sales@gmail.com", "000-000-0000", false),
        ("tenant.onmicrosoft.com", "other.onmicrosoft.com", "1", false),
        ("ad.northwind.local", "info@northwind.co.uk", "", true),
        ("x.com", "y.com", "(030) 901-8200", true),
    ] {
        let matcher = Matcher::of([with(a, phone)]);
        let ranking = matcher.rank(&asked(b, phone), &[]);
        assert_eq!(sure(&ranking) > 0.3, found, "{a} {b} {phone}: {ranking:?}");
    }
}

#[test]
fn very_many_alike_names_are_told_apart() {
    let names: Vec<String> = (0..1200).map(|n| format!("Customer Number{n}x")).collect();
    let matcher = Matcher::new(&names);
    for (n, name) in names.iter().enumerate() {
        let top = matcher.top(name, 2);
        assert_eq!((top[0].index, top[0].confidence), (n, 1.0));
        assert_eq!(top.len(), 1, "no other number is near: {top:?}");
    }
}
