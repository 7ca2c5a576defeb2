//! Numbers without a pattern, always the same ones and the same everywhere.

/// A generator; equal seeds, equal numbers.
pub(crate) struct Numbers(pub u64);

impl Numbers {
    /// The next number, less than `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % end as u64).unwrap_or_default()
    }
}
