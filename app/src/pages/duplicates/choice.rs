use domain::{
    device_edit::DeviceField,
    duplicates::{ComparedField, DuplicateComparison},
    ids::DeviceId,
};
use leptos::prelude::*;
use std::collections::HashMap;

/// What is chosen on the page of a pair: which device stays, and values of fields where somebody picked one.
#[derive(Clone, Copy)]
pub struct Choice {
    pub keep: RwSignal<DeviceId>,
    picked: RwSignal<HashMap<String, DeviceId>>,
    found: StoredValue<DuplicateComparison>,
}

impl Choice {
    /// The choice that is proposed.
    pub fn new(found: DuplicateComparison) -> Self {
        Self {
            keep: RwSignal::new(found.keep),
            picked: RwSignal::new(HashMap::new()),
            found: StoredValue::new(found),
        }
    }

    /// Picks the value of a device for a field.
    pub fn pick(self, key: &str, from: DeviceId) {
        self.picked.update(|picked| _ = picked.insert(key.to_owned(), from));
    }

    /// The device whose value a field will have.
    pub fn source(self, field: &ComparedField) -> DeviceId {
        let keep = self.keep.get();
        if let Some(picked) = self.picked.with(|picked| picked.get(&field.key).copied()) {
            return picked;
        }
        // What a person has written on the hidden one only would be lost.
        let (own, other, theirs) = self.sides(field, keep);
        let is_written = theirs || matches!(field.field, Some(DeviceField::Notes | DeviceField::AssetTag));
        if own.is_none() && other.is_some() && is_written { self.other(keep) } else { keep }
    }

    /// The value of the kept one, of the other one, and whether a person has set that.
    fn sides(self, field: &ComparedField, keep: DeviceId) -> (Option<String>, Option<String>, bool) {
        match self.found.with_value(|f| f.pair.left.id) == keep {
            true => (field.left.clone(), field.right.clone(), field.right_owned),
            false => (field.right.clone(), field.left.clone(), field.left_owned),
        }
    }

    /// The device of the pair that is not this one.
    pub fn other(self, keep: DeviceId) -> DeviceId {
        self.found.with_value(|f| if f.pair.left.id == keep { f.pair.right.id } else { f.pair.left.id })
    }

    /// Whether the kept one would go on with what feeds the other one.
    pub fn takes_feed(self) -> bool {
        let keep = self.keep.get();
        self.found.with_value(|f| f.takes_feed).is_some_and(|fed| fed != keep)
    }

    /// The fields that come from the hidden device, and those that the kept one holds.
    pub fn fields(self) -> (Vec<DeviceField>, Vec<DeviceField>) {
        let keep = self.keep.get();
        let swaps = self.takes_feed();
        let differing =
            self.found.with_value(|f| f.fields.clone()).into_iter().filter(ComparedField::differs);
        let (mut take, mut hold) = (Vec::new(), Vec::new());
        for field in differing {
            let Some(of) = field.field else { continue };
            let is_picked = self.picked.with(|picked| picked.contains_key(&field.key));
            if self.source(&field) != keep {
                take.push(of);
            } else if swaps && is_picked {
                hold.push(of);
            }
        }
        (take, hold)
    }
}
