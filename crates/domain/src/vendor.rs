//! What a vendor looks like to the Connect page: regions, credential fields, and what its API can do.

wire! {
    /// A vendor that can be connected.
    pub struct VendorInfo {
        pub key: String,
        pub name: String,
        pub regions: Vec<Region>,
        pub fields: Vec<CredentialField>,
        /// Numbered instructions: where in the vendor's console the credentials are made.
        pub steps: Vec<String>,
        /// Values to copy into the vendor's form.
        pub values: Vec<CopyValue>,
        pub shape: Shape,
    }

    /// A region with its base URL; `custom` has none and takes it from the user.
    #[derive(Eq)]
    pub struct Region {
        pub key: String,
        pub name: String,
        pub base_url: Option<String>,
    }

    /// One credential the user enters.
    pub struct CredentialField {
        pub key: String,
        pub label: String,
        pub help: String,
        pub secret: bool,
    }

    /// A label and the value to enter for it in the vendor's console.
    pub struct CopyValue {
        pub label: String,
        pub value: String,
    }

    /// What the vendor's API offers.
    pub struct Shape {
        pub locations: bool,
        pub owners: bool,
        pub backup: bool,
        pub warranty: bool,
    }

    /// The outcome of a connection test.
    pub struct ConnectionTest {
        pub ok: bool,
        pub organizations_visible: Option<i64>,
        pub problem: Option<Problem>,
        /// What was changed in the input before it was used, such as "Removed spaces around the Access Key ID".
        #[serde(default)]
        pub notes: Vec<String>,
    }

    /// A cause in the user's words, with what to do about it. `code` is stable for programs.
    pub struct Problem {
        pub code: String,
        pub message: String,
        #[serde(default)]
        pub hints: Vec<String>,
        /// The field to mend, when one is to blame.
        #[serde(default)]
        pub field: Option<String>,
    }
}

impl Problem {
    /// Code of a run that held something back because it is implausible at once.
    pub const IMPLAUSIBLE: &'static str = "implausible";
}

impl VendorInfo {
    /// The region of that key.
    pub fn region(&self, key: &str) -> Option<&Region> {
        self.regions.iter().find(|r| r.key == key)
    }
}
