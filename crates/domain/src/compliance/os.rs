//! Operating systems: which release a device has, and until when its maker mends it.
//!
//! The dates are in `releases.csv`, a line per release: the last day with security updates that cost nothing extra
//! (empty where the maker names none), where that is said, and when it was looked up.

use crate::device_list::{SUPPORT_ENDING_DAYS, SupportFilter};
use chrono::{Days, NaiveDate};
use std::{collections::HashMap, sync::LazyLock};

/// One release of an operating system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// What it is kept by, such as `windows-11-24h2/pro`.
    pub key: String,
    /// What people call it.
    pub name: &'static str,
    /// The last day of support, where one is known.
    pub ends: Option<NaiveDate>,
    pub source: &'static str,
    pub looked_up: NaiveDate,
    system: &'static str,
    release: &'static str,
    build: Option<u32>,
    edition: &'static str,
}

const TABLE: &str = include_str!("releases.csv");

static RELEASES: LazyLock<Vec<Release>> = LazyLock::new(|| TABLE.lines().skip(1).filter_map(read).collect());

static BY_KEY: LazyLock<HashMap<&str, &Release>> =
    LazyLock::new(|| RELEASES.iter().map(|release| (release.key.as_str(), release)).collect());

fn read(line: &'static str) -> Option<Release> {
    let cells: Vec<&str> = line.split(',').collect();
    let [system, release, build, edition, name, ends, source, looked_up] = cells[..] else { return None };
    let key = match edition {
        "" => format!("{system}-{release}"),
        edition => format!("{system}-{release}/{edition}"),
    };
    let (build, ends) = (build.parse().ok(), ends.parse().ok());
    let looked_up = looked_up.parse().ok()?;
    Some(Release { key, name, ends, source, looked_up, system, release, build, edition })
}

/// All releases of the table, in its order.
pub fn releases() -> &'static [Release] {
    &RELEASES
}

/// The release of that key.
pub fn release(key: &str) -> Option<&'static Release> {
    BY_KEY.get(key).copied()
}

/// The keys of releases whose support stands so on a day. [`SupportFilter::Unknown`] is what is none of the others: it answers
/// those of all others.
pub fn keys(support: SupportFilter, today: NaiveDate) -> impl Iterator<Item = &'static str> {
    let soon = today.checked_add_days(Days::new(SUPPORT_ENDING_DAYS)).unwrap_or(NaiveDate::MAX);
    let fits = move |ends: NaiveDate| match support {
        SupportFilter::Ended => ends < today,
        SupportFilter::Ending => ends >= today && ends < soon,
        SupportFilter::Supported => ends >= soon,
        SupportFilter::Unknown => true,
    };
    releases().iter().filter(move |r| r.ends.is_some_and(fits)).map(|r| r.key.as_str())
}

/// The release that a device says it has; `None` when it is not in the table or not told well enough.
///
/// ```
/// use domain::compliance::os::identify;
/// let key = |name, version, build| identify(name, version, build).map(|r| r.key.as_str());
/// assert_eq!(key("Windows 11 Professional Edition", Some("24H2"), Some("26100")), Some("windows-11-24h2/pro"));
/// assert_eq!(key("Ubuntu 24.04.1 LTS", None, Some("6.8.0-45")), Some("ubuntu-24.04"));
/// assert_eq!(key("Windows 11", None, None), None, "which release, it does not say");
/// ```
pub fn identify(name: &str, version: Option<&str>, build: Option<&str>) -> Option<&'static Release> {
    let name = name.to_lowercase();
    let version = version.map(str::to_lowercase);
    let version = version.as_deref();
    if name.contains("windows") {
        let build = build.and_then(build_number).or_else(|| version.and_then(build_number));
        return if name.contains("server") { server(&name, build) } else { client(&name, version, build) };
    }
    let (word, system, parts) = SYSTEMS.iter().find(|(word, ..)| name.contains(word))?;
    let after = name.split_once(word).map_or("", |(_, after)| after);
    let release = numbers(after).or_else(|| version.and_then(numbers))?;
    let parts = if release.first() == Some(&"10") && *system == "macos" { 2 } else { *parts };
    let release = release.into_iter().take(parts).collect::<Vec<_>>().join(".");
    self::release(&format!("{system}-{release}"))
}

/// Words in a name, the system that they mean, and how many numbers tell its release.
const SYSTEMS: [(&str, &str, usize); 11] = [
    ("macos", "macos", 1),
    ("mac os x", "macos", 1),
    ("os x", "macos", 1),
    ("ubuntu", "ubuntu", 2),
    ("debian", "debian", 1),
    ("red hat enterprise linux", "rhel", 1),
    ("rhel", "rhel", 1),
    ("rocky", "rocky", 1),
    ("centos stream", "centos-stream", 1),
    ("centos linux", "centos", 1),
    ("centos", "centos", 1),
];

/// The first number with dots in a text, in parts: `24`, `04`, `1`.
fn numbers(text: &str) -> Option<Vec<&str>> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let text = &text[start..];
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    Some(text[..end].split('.').filter(|part| !part.is_empty()).collect())
}

/// The build of a Windows in `10.0.19045.3803`, `19045` or `Build 19045`.
fn build_number(text: &str) -> Option<u32> {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse::<u32>().ok());
    numbers.find(|n| *n >= 3790)
}

/// Newer servers say their year; the build decides where the name does not.
fn server(name: &str, build: Option<u32>) -> Option<&'static Release> {
    let servers = || RELEASES.iter().filter(|r| r.system == "windows-server");
    let words: Vec<&str> = name.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let r2 = words.contains(&"r2");
    let named = servers().find(|r| match r.release.strip_suffix("-r2") {
        Some(year) => r2 && words.contains(&year),
        None => !r2 && words.contains(&r.release),
    });
    named.or_else(|| servers().find(|r| r.build.is_some() && r.build == build))
}

/// The build decides, else the release that name or version tell.
fn client(name: &str, version: Option<&str>, build: Option<u32>) -> Option<&'static Release> {
    let clients =
        || RELEASES.iter().filter(|r| r.system != "windows-server" && r.system.starts_with("windows"));
    let told = |r: &&Release| match build {
        Some(_) => r.build == build,
        None => is_named(name, version, r),
    };
    let edition = edition(name);
    let fits = |r: &&Release| r.edition == edition || r.edition.is_empty();
    clients().filter(told).find(fits)
}

fn is_named(name: &str, version: Option<&str>, release: &Release) -> bool {
    let mut words = name.split(|c: char| c.is_whitespace() || c == ',').chain(version);
    match release.system.strip_prefix("windows-") {
        Some(product) => name.contains(&format!("windows {product}")) && words.any(|w| w == release.release),
        None => words.any(|word| word == release.release),
    }
}

fn edition(name: &str) -> &'static str {
    let long_term = name.contains("ltsc") || name.contains("ltsb");
    let enterprise = name.contains("enterprise") || name.contains("education");
    match () {
        () if long_term && name.contains("iot") => "iot-ltsc",
        () if long_term => "ltsc",
        () if enterprise && !name.contains("pro education") => "enterprise",
        () => "pro",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_line_of_the_table_is_read_and_each_release_is_there_once() {
        assert_eq!(RELEASES.len(), TABLE.lines().count() - 1, "a line cannot be read");
        let told: HashSet<_> = RELEASES.iter().map(|r| (&r.key, r.build)).collect();
        assert_eq!(told.len(), RELEASES.len());
        for (line, release) in TABLE.lines().skip(1).zip(RELEASES.iter()) {
            assert!(release.source.starts_with("https://"), "{line}");
            let ends = line.split(',').nth(5).unwrap_or_default();
            assert_eq!(release.ends.is_none(), ends.is_empty(), "{line}");
            let windows = release.system.starts_with("windows");
            assert_eq!(release.build.is_some(), windows, "{line}");
            assert!(["", "pro", "enterprise", "ltsc", "iot-ltsc"].contains(&release.edition), "{line}");
            assert!(!release.name.is_empty() && release.key == release.key.to_lowercase(), "{line}");
        }
    }

    #[test]
    fn microsoft_ends_support_on_a_tuesday() {
        use chrono::{Datelike, Weekday};
        let ends = RELEASES.iter().filter(|r| r.system.starts_with("windows") && r.release != "23h2");
        let days: Vec<_> = ends.filter_map(|release| Some((&release.key, release.ends?))).collect();
        assert!(days.len() > 40, "{}", days.len());
        for (key, day) in days {
            assert_eq!(day.weekday(), Weekday::Tue, "{key}");
        }
    }

    #[test]
    fn names_versions_and_builds_are_read() {
        for (name, version, build, key) in [
            ("Windows 11 Professional Edition", "24H2", "26100", "windows-11-24h2/pro"),
            ("Microsoft Windows 11 Enterprise", "", "10.0.22631.4317", "windows-11-23h2/enterprise"),
            ("Windows 10 Pro", "10.0.19045", "", "windows-10-22h2"),
            ("Windows 10 Enterprise LTSC", "21H2", "19044", "windows-10-21h2/ltsc"),
            ("Windows 10 IoT Enterprise LTSC", "", "19044", "windows-10-21h2/iot-ltsc"),
            ("Windows 10 Pro Education", "20H2", "", "windows-10-20h2/pro"),
            ("Windows 10 Pro", "", "26200", "windows-11-25h2/pro"),
            ("Windows 7 Professional", "", "7601", "windows-7"),
            ("Windows 8.1 Pro", "", "", "windows-8.1"),
            ("Windows Server 2022 Standard Edition", "21H2", "20348", "windows-server-2022"),
            ("Windows Server 2012 R2 Datacenter", "", "", "windows-server-2012-r2"),
            ("Windows Server 2012 Standard", "", "9200", "windows-server-2012"),
            ("Windows Server Standard", "", "10.0.17763", "windows-server-2019"),
            ("macOS 15.1", "", "24B83", "macos-15"),
            ("Mac OS X 10.15.7", "", "19H2", "macos-10.15"),
            ("macOS", "13.6.1", "", "macos-13"),
            ("Ubuntu 24.04.1 LTS", "", "6.8.0-45", "ubuntu-24.04"),
            ("Debian GNU/Linux 12", "", "6.1.0-26", "debian-12"),
            ("Red Hat Enterprise Linux 9.4 (Plow)", "", "", "rhel-9"),
            ("CentOS Stream 9", "", "", "centos-stream-9"),
            ("CentOS Linux 7 (Core)", "", "", "centos-7"),
            ("Rocky Linux 8.10", "", "", "rocky-8"),
        ] {
            let told = |text: &'static str| Some(text).filter(|t| !t.is_empty());
            let found = identify(name, told(version), told(build)).map(|r| r.key.as_str());
            assert_eq!(found, Some(key), "{name} {version} {build}");
        }
        for name in ["Windows 11", "Windows 12 Pro", "ToastOS 3", "Android 15", "iOS 18.1", "Linux 5.0", ""] {
            assert_eq!(identify(name, None, None), None, "{name}");
        }
    }

    #[test]
    fn a_release_is_found_by_its_key() {
        let release = release("windows-10-22h2").unwrap();
        assert_eq!((release.name, release.ends), ("Windows 10 22H2", NaiveDate::from_ymd_opt(2025, 10, 14)));
    }
}
