//! Word lists, and the names made from them.

use crate::rng::Rng;

const FIRST: [&str; 32] = [
    "Mia", "Noah", "Robin", "José", "Zoë", "Aisha", "Liam", "Søren", "Priya", "Tom", "Ines", "Kofi", "Björn",
    "Chloe", "Dmitri", "Ewa", "Farid", "Greta", "Hana", "Ivan", "Jade", "Karl", "Lena", "Mateo", "Nora",
    "Owen", "Pia", "Quinn", "Rosa", "Sam", "Tara", "Yusuf",
];
const LAST: [&str; 32] = [
    "Reed", "Hale", "Müller", "García", "Okafor", "Novák", "Smith", "Larsen", "Patel", "Nowak", "Silva",
    "Ito", "Schmidt", "O'Brien", "Rossi", "Fischer", "Adams", "Brown", "Costa", "Dubois", "Evans", "Fox",
    "Grant", "Hill", "Jansen", "King", "Lopez", "Moore", "Nilsson", "Park", "Stone", "Young",
];
const LEAD: [&str; 36] = [
    "Amber",
    "Ashford",
    "Beacon",
    "Birch",
    "Blue Heron",
    "Briar",
    "Cedar",
    "Clifton",
    "Cobalt",
    "Crescent",
    "Eastgate",
    "Elm",
    "Falcon",
    "Fernhill",
    "Glenmore",
    "Granite",
    "Hawthorn",
    "Highfield",
    "Ivy",
    "Kingsway",
    "Lakeside",
    "Linden",
    "Maple",
    "Northfield",
    "Orchard",
    "Peak",
    "Quarry",
    "Redwood",
    "Sable",
    "Sunrise",
    "Thornton",
    "Umber",
    "Vale",
    "Westbrook",
    "Willow",
    "Yarrow",
];
const TRADE: [&str; 32] = [
    "Accountants",
    "Architects",
    "Bakery",
    "Builders",
    "Care",
    "Catering",
    "Clinic",
    "Consulting",
    "Dental",
    "Electrical",
    "Engineering",
    "Estates",
    "Farm",
    "Finance",
    "Fitness",
    "Foods",
    "Freight",
    "Garage",
    "Hotels",
    "Insurance",
    "Joinery",
    "Labs",
    "Legal",
    "Logistics",
    "Marine",
    "Media",
    "Packaging",
    "Pharmacy",
    "Plastics",
    "School",
    "Textiles",
    "Travel",
];
const SUFFIX: [&str; 8] = ["", "", "", " Ltd", " GmbH", " Inc.", " & Sons", " Group"];
const FOREIGN: [&str; 6] =
    ["Müller & Söhne GmbH", "Café Olé", "Żurek Spedycja", "東京デザイン", "Ærø Værft", "Société Générique"];
const SITES: [&str; 16] = [
    "Warehouse",
    "Depot",
    "Branch North",
    "Branch South",
    "Northgate",
    "Riverside",
    "Werk 2",
    "Büro Zürich",
    "Showroom",
    "Workshop",
    "Data Centre",
    "Home Office",
    "Satellite Office",
    "Filiale Köln",
    "São Paulo",
    "Annex",
];
const ROOMS: [&str; 12] = [
    "Reception PC",
    "FRONTDESK",
    "Meeting Room 2",
    "Back Office",
    "Empfang Büro",
    "Lager – Scanner",
    "Finance PC",
    "Director's laptop",
    "東京-01",
    "Kasse 3",
    "Workshop bench",
    "Spare",
];

const DUTIES: [&str; 6] =
    ["Domain controller", "File server", "Terminal server", "Büro-Server", "Database", "Backup target"];

/// The first and last name of a person.
pub(crate) fn person(rng: &mut Rng) -> (&'static str, &'static str) {
    (*rng.pick(&FIRST), *rng.pick(&LAST))
}

/// The name of organization number `index`.
pub(crate) fn organization(rng: &mut Rng, index: u32) -> String {
    let foreign = FOREIGN.get(index as usize / 17).filter(|_| index % 17 == 6);
    if let Some(name) = foreign {
        return (*name).to_owned();
    }
    format!("{} {}{}", rng.pick(&LEAD), rng.pick(&TRADE), rng.pick(&SUFFIX))
}

/// The name of location number `index` of an organization.
/// NinjaOne: location names repeat across organizations, and "Main Office" is what nearly all begin with.
pub(crate) fn location(rng: &mut Rng, index: usize) -> String {
    match index {
        0 if rng.chance(75) => "Main Office".into(),
        0 => "Head Office".into(),
        _ => (*rng.pick(&SITES)).to_owned(),
    }
}

/// A display name as a technician would type it.
pub(crate) fn display(rng: &mut Rng, system: &str, server: bool) -> String {
    if server {
        return if rng.chance(50) {
            system.to_uppercase()
        } else {
            format!("{} ({system})", rng.pick(&DUTIES))
        };
    }
    match rng.below(4) {
        0 => system.to_uppercase(),
        1 => format!("{} {}", rng.pick(&ROOMS), rng.between(1, 30)),
        2 => {
            let (first, last) = person(rng);
            format!("{first} {last}")
        }
        _ => format!("{} ({})", system, rng.pick(&ROOMS)),
    }
}

/// Up to three capitals that stand for an organization in host names.
pub(crate) fn code(name: &str) -> String {
    let code: String = name
        .split(|c: char| !c.is_alphanumeric())
        .filter_map(|word| word.chars().next())
        .map(fold)
        .filter(char::is_ascii_alphanumeric)
        .take(3)
        .collect();
    if code.is_empty() { "ORG".into() } else { code.to_ascii_uppercase() }
}

/// A name as the local part of an address would spell it: lower case ASCII.
pub(crate) fn ascii(name: &str) -> String {
    name.chars().map(fold).filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

fn fold(c: char) -> char {
    match c {
        'á' | 'ã' | 'à' | 'ä' | 'å' => 'a',
        'é' | 'è' | 'ë' | 'ê' => 'e',
        'í' | 'ì' => 'i',
        'ö' | 'ø' | 'ó' => 'o',
        'ü' | 'ú' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        'ż' | 'Ż' => 'z',
        other => other,
    }
}
