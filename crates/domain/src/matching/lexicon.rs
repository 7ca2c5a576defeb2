//! Words that mean the same, and words that say little about who a company is.

use rustc_hash::FxHashMap;
use std::{collections::BTreeSet, sync::LazyLock};

/// Spellings, translations and abbreviations of one word, the plain one first.
const SAME: &[&[&str]] = &[
    &["technology", "technologies", "tech", "technologie", "technologien", "technik"],
    &["international", "internationale", "internacional", "intl", "internatl", "int"],
    &["manufacturing", "mfg", "manuf"],
    &["services", "service", "svc", "svcs", "servicios", "dienste"],
    &["systems", "system", "sys", "systeme"],
    &["solutions", "solution", "soln", "solns", "losungen"],
    &["management", "mgmt", "mgt"],
    &["department", "dept"],
    &["university", "univ", "universitat", "universidad", "universite", "universiteit"],
    &["institute", "inst", "institut"],
    &["associates", "association", "associate", "assoc", "assn"],
    &["brothers", "bros", "gebruder", "gebr"],
    &["laboratories", "laboratory", "lab", "labs", "labor"],
    &["pharmaceuticals", "pharmaceutical", "pharma", "pharmaceutica", "pharm"],
    &["engineering", "eng", "engr", "engineers"],
    &["group", "grp", "gruppe", "groupe", "grupo", "gruppo"],
    &["holding", "holdings", "hldg", "hldgs"],
    &["industries", "industry", "industrie", "industrien", "ind", "inds", "industrial"],
    &["electronics", "electronic", "electron", "elektronik", "elec"],
    &["center", "centre", "ctr", "zentrum", "centrum", "centro"],
    &["saint", "st", "sankt", "sainte"],
    &["doctor", "dr"],
    &["mount", "mt"],
    &["fort", "ft"],
    &["national", "natl", "nat"],
    &["government", "govt", "gov"],
    &["insurance", "ins", "versicherung"],
    &["hospital", "hosp"],
    &["medical", "med"],
    &["construction", "constr", "const"],
    &["consulting", "consultants", "consultancy", "consult"],
    &["financial", "fin", "finance"],
    &["company", "co"],
    &["corporation", "corp"],
    &["royal", "koninklijke", "koninkl", "kon", "konink", "kgl"],
    &["organization", "organisation", "org"],
    &["development", "dev"],
    &["communications", "communication", "comm", "comms"],
    &["chemical", "chem", "chemicals", "chemische", "chemie"],
    &["research", "rsch", "forschung"],
    &["general", "gen"],
    &["american", "amer"],
    &["property", "properties", "prop", "props", "ppty"],
    &["accounting", "acctg", "accountancy", "accountants"],
    &["building", "bldg", "bldgs", "buildings"],
    &["equipment", "equip", "eqpt"],
    &["foundation", "fdn", "fndn"],
    &["heights", "hts"],
    &["marketing", "mktg"],
    &["mountain", "mtn"],
    &["professional", "prof"],
    &["township", "twp"],
    &["transport", "transportation", "transp"],
    &["valley", "vly"],
    &["veterinary", "vet", "vets"],
    &["warehouse", "whse"],
    &["street", "str", "strasse"],
    &["school", "sch", "schule", "schools"],
    &["works", "werke", "werk"],
    &["factory", "fabriek", "fabrieken", "fabrik", "fabrique"],
    &["sons", "sohne", "fils", "zonen", "son", "hijos", "figli"],
    &["and", "und", "et", "y", "en", "e", "og", "och"],
];

/// Countries and regions with their other spellings, the plain one first.
const PLACES: &[&[&str]] = &[
    &["netherlands", "netherland", "nederland", "nederlands", "holland", "dutch", "nl", "niederlande"],
    &["germany", "deutschland", "deutsche", "german", "de", "allemagne"],
    &["us", "usa", "america", "unitedstates"],
    &["uk", "britain", "england", "gb", "unitedkingdom", "british"],
    &["france", "francaise", "french", "frankreich"],
    &["spain", "espana", "spanish", "iberica", "iberia"],
    &["italy", "italia", "italiana", "italian"],
    &["switzerland", "schweiz", "suisse", "swiss", "svizzera"],
    &["austria", "osterreich", "austrian"],
    &["belgium", "belgie", "belgique", "belgian"],
    &["europe", "europa", "european", "europeenne", "eu", "emea"],
    &["canada", "canadian"],
    &["mexico", "mexicana"],
    &["brazil", "brasil"],
    &["china", "chinese"],
    &["japan", "nippon", "japanese"],
    &["india", "indian"],
    &["australia", "australian", "aust"],
    &["zealand"],
    &["ireland", "irish"],
    &["scotland", "scottish"],
    &["wales", "welsh"],
    &["poland", "polska", "polish"],
    &["sweden", "sverige", "svenska", "swedish"],
    &["norway", "norge", "norsk"],
    &["denmark", "danmark", "dansk"],
    &["finland", "suomi"],
    &["portugal", "portuguesa"],
    &["greece", "hellas"],
    &["turkey", "turkiye", "turk"],
    &["russia", "russian", "rus"],
    &["ukraine"],
    &["czech", "cesko", "czechia"],
    &["hungary", "magyar"],
    &["romania"],
    &["bulgaria"],
    &["croatia", "hrvatska"],
    &["slovakia", "slovensko"],
    &["slovenia"],
    &["serbia"],
    &["estonia", "eesti"],
    &["latvia"],
    &["lithuania"],
    &["luxembourg"],
    &["singapore"],
    &["malaysia"],
    &["indonesia"],
    &["thailand"],
    &["vietnam"],
    &["philippines"],
    &["korea", "korean"],
    &["taiwan"],
    &["israel"],
    &["egypt"],
    &["ethiopia"],
    &["africa", "african"],
    &["asia", "asian", "apac"],
    &["chile"],
    &["argentina"],
    &["colombia"],
    &["peru"],
    &["arabia", "saudi"],
    &["emirates", "uae"],
];

/// Large cities: with a name they tell its sites apart.
const CITIES: &str = " amsterdam rotterdam utrecht hague eindhoven brussels antwerp berlin hamburg munich munchen cologne \
koln frankfurt stuttgart dusseldorf leipzig dresden hannover nurnberg bremen vienna wien graz zurich geneva basel bern \
london manchester birmingham leeds liverpool bristol glasgow edinburgh cardiff belfast dublin paris lyon marseille \
toulouse lille madrid barcelona valencia seville lisbon porto rome roma milan milano turin torino naples napoli athens \
warsaw krakow prague praha budapest bucharest sofia zagreb belgrade stockholm gothenburg oslo copenhagen helsinki \
tallinn riga vilnius moscow kyiv istanbul boston chicago houston dallas austin phoenix philadelphia denver seattle \
atlanta miami orlando tampa detroit cleveland pittsburgh charlotte nashville memphis minneapolis milwaukee portland \
sacramento oakland baltimore cincinnati toronto montreal vancouver calgary ottawa sydney melbourne brisbane perth \
adelaide auckland wellington tokyo osaka beijing shanghai shenzhen mumbai delhi bangalore dubai johannesburg lagos \
nairobi cairo ";

/// Words of very many company names.
const COMMON: &str = " group holding services solutions systems international technology industries management partners \
consulting associates global world enterprises enterprise ventures capital financial trust fund investments \
investment properties property trading trade products product design studio media digital network networks \
communications energy resources development construction engineering medical health healthcare clinic dental \
hospital school university college institute foundation society center bank insurance law legal office offices \
accounting advisors agency marketing logistics transport travel hotel restaurant cafe coffee food foods auto motors \
electric electronics electrical plumbing roofing cleaning security software data computer computers it cloud \
pharmaceuticals laboratories research chemical works factory supply store shop market retail real estate \
realty homes home city county district department church community national american general united first new royal \
company corporation limited sons brothers acquisition bancorp biosciences therapeutics income strategic municipal \
steel oil gas water power mining gold manufacturing equipment tools machines machine material materials plastics \
paper packaging building builders interiors landscaping dentistry pediatrics family associates veterinary animal \
business professional support ";

/// Words that only connect.
const LINKS: &str =
    " and of the for in on at to de der die das van von la le les du des el los di da do te zu vom im ";

const COMPASS: &[&[&str]] = &[
    &["north", "northern", "nord", "noord"],
    &["south", "southern", "sud", "zuid"],
    &["east", "eastern", "ost", "oost"],
    &["west", "western"],
    &["northeast", "ne", "northeastern"],
    &["northwest", "nw", "northwestern"],
    &["southeast", "se", "southeastern"],
    &["southwest", "sw", "southwestern"],
    &["central", "upper"],
    &["lower"],
];

const ORDINALS: &[&[&str]] = &[
    &["first", "1st"],
    &["second", "2nd"],
    &["third", "3rd"],
    &["fourth", "4th"],
    &["fifth", "5th"],
    &["sixth", "6th"],
    &["seventh", "7th"],
    &["eighth", "8th"],
    &["ninth", "9th"],
    &["tenth", "10th"],
];

const ROMANS: &[(&str, &str)] = &[
    ("ii", "2"),
    ("iii", "3"),
    ("iv", "4"),
    ("vi", "6"),
    ("vii", "7"),
    ("viii", "8"),
    ("ix", "9"),
    ("xi", "11"),
    ("xii", "12"),
    ("xiii", "13"),
    ("xiv", "14"),
    ("xv", "15"),
    ("xx", "20"),
];

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word of its own: it names the company.
    Name,
    /// A trade or another word of many names.
    Common,
    /// A country, region or city.
    Place,
    /// "north", "southern": names that differ in it differ.
    Compass,
    /// A number, an ordinal or a Roman numeral; names that differ in it differ.
    Number,
    /// "of", "van": says nothing.
    Link,
    /// One letter.
    Letter,
}

impl Kind {
    /// How much a word of this kind says, beside one that names.
    pub fn share(self) -> f64 {
        match self {
            Self::Name => 1.0,
            Self::Number | Self::Compass => 0.7,
            Self::Place => 0.55,
            Self::Common => 0.5,
            Self::Letter => 0.25,
            Self::Link => 0.08,
        }
    }
}

/// The plain spelling of a word, and what it is.
pub(super) fn plain(word: &str) -> (&str, Kind) {
    static TABLE: LazyLock<FxHashMap<&str, (&str, Kind)>> = LazyLock::new(table);
    if let Some(found) = TABLE.get(word) {
        return *found;
    }
    let kind = if word.chars().any(char::is_numeric) {
        Kind::Number
    } else if word.chars().nth(1).is_none() {
        Kind::Letter
    } else {
        Kind::Name
    };
    (word, kind)
}

fn table() -> FxHashMap<&'static str, (&'static str, Kind)> {
    let mut table = FxHashMap::default();
    for (roman, digits) in ROMANS {
        table.entry(*roman).or_insert((*digits, Kind::Number));
    }
    let common: BTreeSet<&str> = COMMON.split_whitespace().collect();
    let links: BTreeSet<&str> = LINKS.split_whitespace().collect();
    for link in &links {
        table.entry(*link).or_insert((*link, Kind::Link));
    }
    for (lists, kind) in [(ORDINALS, Kind::Number), (COMPASS, Kind::Compass), (PLACES, Kind::Place)] {
        for list in lists {
            for word in *list {
                table.entry(*word).or_insert((list[0], kind));
            }
        }
    }
    for city in CITIES.split_whitespace() {
        table.entry(city).or_insert((city, Kind::Place));
    }
    for list in SAME {
        let kind = if links.contains(list[0]) {
            Kind::Link
        } else if list.iter().any(|w| common.contains(w)) {
            Kind::Common
        } else {
            Kind::Name
        };
        for word in *list {
            table.entry(*word).or_insert((list[0], kind));
        }
    }
    for word in common {
        table.entry(word).or_insert((word, Kind::Common));
    }
    table
}
