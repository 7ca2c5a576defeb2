wire! {
    /// The share of checks that were passed.
    #[derive(Copy, Eq, Default)]
    pub struct Score {
        /// Pairs of a device and a check that counts which were passed or excepted.
        pub passed: i64,
        /// Pairs of which it is known whether they were passed.
        pub judged: i64,
    }
}

impl Score {
    /// In tenths of a percent, rounded down: 1000 only when everything was passed. `None` when nothing was judged.
    ///
    /// ```
    /// use domain::compliance::Score;
    /// assert_eq!(Score { passed: 2, judged: 3 }.tenths(), Some(666));
    /// assert_eq!(Score { passed: 99_999, judged: 100_000 }.tenths(), Some(999));
    /// assert_eq!(Score::default().tenths(), None);
    /// ```
    pub fn tenths(self) -> Option<i64> {
        (self.judged > 0).then(|| self.passed * 1000 / self.judged)
    }

    /// As people read it: `93.4 %`.
    ///
    /// ```
    /// use domain::compliance::Score;
    /// assert_eq!(Score { passed: 14, judged: 15 }.words(), "93.3 %");
    /// assert_eq!(Score { passed: 3, judged: 3 }.words(), "100 %");
    /// assert_eq!(Score::default().words(), "not known");
    /// ```
    pub fn words(self) -> String {
        match self.tenths() {
            Some(tenths) if tenths % 10 == 0 => format!("{} %", tenths / 10),
            Some(tenths) => format!("{}.{} %", tenths / 10, tenths % 10),
            None => "not known".to_owned(),
        }
    }

    /// Both together.
    pub fn plus(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, judged: self.judged + other.judged }
    }
}
