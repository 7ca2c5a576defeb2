//! What is known of an organization, a company or a site besides its name.

/// One that is to be matched, or may be matched with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    pub name: String,
    /// Websites, mail addresses and DNS or Active Directory domains, as entered.
    pub domains: Vec<String>,
    pub phones: Vec<String>,
    pub addresses: Vec<String>,
    /// What the PSA calls it: numbers and codes.
    pub references: Vec<String>,
    /// Descriptions and custom fields: searched for the other side's references and domains.
    pub notes: Vec<String>,
}

/// What a matcher is asked about one subject.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub subject: &'a Subject,
    /// Targets that know some of its devices, with the share of its devices' good serial numbers known there, 0 to 1.
    pub known: &'a [(usize, f64)],
    /// Targets that it is known not to be.
    pub not: &'a [usize],
}

impl Subject {
    /// One of which only the name is known.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }
}
