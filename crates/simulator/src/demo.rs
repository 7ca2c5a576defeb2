//! The demo: organizations as the RMM knows them, and the companies that a PSA would hold beside them.
//!
//! Every name is invented. About 60% of the organizations have a company of the same name (some only after
//! normalisation), about 20% one with a similar name, the others none; and some companies have no organization.

/// A company of the demo portal, as it comes out of a PSA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoCompany {
    /// The name.
    pub name: String,
    /// The web domain (reserved, never real).
    pub domain: String,
    /// A phone number (from a range reserved for fiction).
    pub phone: String,
    /// The postal address of the first site.
    pub address: String,
    /// The id in the PSA.
    pub psa_ref: String,
    /// The sites.
    pub locations: Vec<DemoLocation>,
}

/// A site of a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoLocation {
    /// The name.
    pub name: String,
    /// The postal address.
    pub address: String,
}

/// One line of the table: names and sites on either side; an empty name means that the side has nothing.
struct Pair {
    org: &'static str,
    org_sites: &'static [&'static str],
    company: &'static str,
    sites: &'static [&'static str],
}

const fn pair(
    org: &'static str,
    org_sites: &'static [&'static str],
    company: &'static str,
    sites: &'static [&'static str],
) -> Pair {
    Pair { org, org_sites, company, sites }
}

const MAIN: &[&str] = &["Main Office"];

/// The fourth organization has no devices and the fifth no locations, see `fleet`.
const PAIRS: &[Pair] = &[
    // Equal.
    pair(
        "Harbour Dental Group",
        &["Main Office", "Northgate Surgery", "Quayside"],
        "Harbour Dental Group",
        &["Main Office", "Northgate Surgery", "Quayside"],
    ),
    pair(
        "Dawnfield Logistics",
        &["Depot", "Head Office"],
        "Dawnfield Logistics",
        &["Head Office", "Depot", "Container Terminal"],
    ),
    pair("Alder Clinic", MAIN, "Alder Clinic", MAIN),
    pair("Pinecrest Holdings", MAIN, "Pinecrest Holdings", &["Registered Office"]),
    // In the RMM only, and without locations.
    pair("Lab and Staging", &[], "", &[]),
    pair(
        "Silverbrook Primary School",
        &["Main Building", "Sports Hall"],
        "Silverbrook Primary School",
        &["Main Building", "Sports Hall"],
    ),
    pair("Café Lumière", &["Old Town", "Station"], "Café Lumière", &["Old Town", "Railway Station"]),
    pair("Meridian Architects", &["Studio"], "Meridian Architects", &["Studio"]),
    pair(
        "Oakhurst Veterinary Care",
        &["Main Office", "Small Animal Unit"],
        "Oakhurst Veterinary Care",
        &["Main Office", "Small Animal Unit"],
    ),
    // Equal after normalisation: case, legal suffix, ampersand, punctuation.
    pair(
        "Knox & Sons Solicitors",
        &["Main Office", "Riverside"],
        "Knox and Sons Solicitors Ltd",
        &["Main Office", "Riverside"],
    ),
    pair("BRIGHTWATER MARINE", &["Marina", "Workshop"], "Brightwater Marine", &["Marina", "Workshop"]),
    pair(
        "Falkenberg Maschinenbau GmbH",
        &["Werk 1", "Werk 2", "Büro"],
        "Falkenberg Maschinenbau",
        &["Werk 1", "Werk 2", "Büro"],
    ),
    pair("Tanner, Webb & Co.", MAIN, "Tanner Webb & Co", &["Main Office"]),
    pair("Copperline Electrical Ltd", &["Yard"], "Copperline Electrical Limited", &["Yard", "Showroom"]),
    pair("Juniper Foods Inc.", &["Bakery", "Main Office"], "Juniper Foods", &["Main Office", "Bakery"]),
    // Similar: a typing error, an abbreviation, swapped words, a missing word.
    pair("Stonebridge Acountancy", MAIN, "Stonebridge Accountancy", &["Head Office"]),
    pair(
        "NW Property Mgmt",
        &["Main Office", "Lettings"],
        "Northwest Property Management",
        &["Main Office", "Lettings Shop"],
    ),
    pair("Partners Hollis Design", &["Loft"], "Hollis Design Partners", &["Loft"]),
    pair(
        "Greenway Garden Centres",
        &["Store 1", "Store 2", "Store 3"],
        "Greenway Garden Centre Group",
        &["Ashford Store", "Milton Store", "Newbury Store"],
    ),
    pair("St Brannock's Hospice", &["Main Building"], "Saint Brannock Hospice", &["Main Building"]),
    // In the RMM only.
    pair("Old Mill Brewery", &["Brewhouse"], "", &[]),
    pair("Internal IT", MAIN, "", &[]),
    pair("Ridgeway Plumbing Supplies", &["Trade Counter"], "", &[]),
    pair("Vesper Audio", MAIN, "", &[]),
    // In the PSA only.
    pair("", &[], "Ashdown Printing Works", &["Print Hall"]),
    pair("", &[], "Calder Bikes", &["Shop"]),
    pair("", &[], "Norrland Timber AB", &["Huvudkontor", "Sågverk"]),
    pair("", &[], "Quillfeather Publishing", &["Main Office"]),
];

/// Names and locations of the demo organizations, in the order of their ids.
pub(crate) fn demo_organizations() -> Vec<(&'static str, &'static [&'static str])> {
    PAIRS.iter().filter(|p| !p.org.is_empty()).map(|p| (p.org, p.org_sites)).collect()
}

/// The companies and PSA locations to seed a demo portal with.
pub fn demo_companies() -> Vec<DemoCompany> {
    PAIRS.iter().filter(|p| !p.company.is_empty()).enumerate().map(|(n, p)| company(n, p)).collect()
}

fn company(index: usize, pair: &Pair) -> DemoCompany {
    let locations: Vec<_> = pair
        .sites
        .iter()
        .enumerate()
        .map(|(site, name)| DemoLocation { name: (*name).into(), address: address(index, site) })
        .collect();
    DemoCompany {
        name: pair.company.into(),
        domain: format!("{}.example", slug(pair.company)),
        phone: format!("+44 1632 960{:03}", 100 + index * 7),
        address: locations.first().map(|l| l.address.clone()).unwrap_or_default(),
        psa_ref: format!("CMP-{:04}", 1001 + index * 3),
        locations,
    }
}

/// An invented postal address.
pub(crate) fn address(index: usize, site: usize) -> String {
    const STREETS: [&str; 8] = [
        "Harbour Street",
        "Northgate",
        "Mill Lane",
        "Station Road",
        "Church Hill",
        "Canal Walk",
        "Orchard Way",
        "Kiln Row",
    ];
    const TOWNS: [&str; 6] =
        ["Exampletown", "Sampleford", "Testbridge", "Mockham", "Placeholder-on-Sea", "Fixturedale"];
    let street = STREETS[(index + site * 3) % STREETS.len()];
    format!("{} {street}, {}", 1 + (index * 13 + site * 7) % 97, TOWNS[(index + site) % TOWNS.len()])
}

/// The letters and digits of a name, lower case, words joined by nothing: good for a domain.
pub(crate) fn slug(name: &str) -> String {
    const SUFFIXES: [&str; 8] = ["ltd", "limited", "gmbh", "inc", "co", "and", "group", "ab"];
    let words: Vec<String> = name
        .split(|c: char| !c.is_alphanumeric())
        .map(|w| w.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect::<String>())
        .filter(|w| !w.is_empty() && !SUFFIXES.contains(&w.as_str()))
        .take(2)
        .collect();
    if words.is_empty() { "tenant".into() } else { words.concat() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_have_what_the_other_lacks() {
        let (orgs, companies) = (demo_organizations(), demo_companies());
        assert_eq!(orgs.len(), 24);
        let equal = orgs.iter().filter(|(name, _)| companies.iter().any(|c| c.name == *name)).count();
        assert_eq!(equal, 8);
        assert!(companies.iter().any(|c| c.name == "Calder Bikes"));
        assert!(companies.iter().all(|c| !c.locations.is_empty() && c.domain.ends_with(".example")));
    }
}
