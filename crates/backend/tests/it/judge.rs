//! Judges what a run left behind: exact, or loud with the old data intact.

use crate::truth::{Held, HeldTable, Row, Table, Truth};
use std::collections::{BTreeMap, BTreeSet};

/// How many findings of one kind are told.
const TOLD: usize = 3;

/// Rows that a run told as unreadable, by entity and id.
pub type Told = BTreeSet<(String, String)>;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// It says that all mandatory data was read.
    pub completed: bool,
    /// It also says that nothing at all went wrong.
    pub clean: bool,
    /// It ended at all.
    pub ended: bool,
    /// It says what went wrong.
    pub explained: bool,
    /// What it was to read.
    pub organizations: bool,
    pub devices: bool,
}

/// Everything about one run that matters.
pub struct Case<'a> {
    pub before: &'a Held,
    pub after: &'a Held,
    /// What the vendor had at each moment from the run's start to its end; one when nothing moved meanwhile.
    pub truths: &'a [Truth],
    pub ending: Ending,
    /// Rows that it told as unreadable: they may be as they were.
    pub told: &'a Told,
    /// Whether what optional sources tell stands still, so that any difference is a loss.
    pub extras_stand: bool,
}

impl Case<'_> {
    /// What is wrong; nothing when the run kept its promises.
    pub fn findings(&self) -> Vec<String> {
        let mut found = Findings::default();
        self.state(&mut found);
        let (before, after) = (self.before, self.after);
        let tables = |of: fn(&Truth) -> &Table| self.truths.iter().map(of).collect::<Vec<_>>();
        // What was cut short or held back has not moved anything yet.
        let pinned = !self.ending.completed;
        for (what, before, after, truths) in [
            ("organization", &before.organizations, &after.organizations, tables(|t| &t.organizations)),
            ("location", &before.locations, &after.locations, tables(|t| &t.locations)),
            ("device", &before.devices, &after.devices, tables(|t| &t.devices)),
        ] {
            kept(&mut found, what, (before, after), &truths, pinned);
        }
        if self.extras_stand {
            extras(&mut found, &before.devices, &after.devices);
            extras(&mut found, &before.organizations, &after.organizations);
        }
        if self.ending.completed {
            self.complete(&mut found);
        }
        found.into_list()
    }

    fn state(&self, found: &mut Findings) {
        let Ending { completed, ended, explained, .. } = self.ending;
        if !ended {
            found.add("the run did not end", "");
        } else if !completed && !explained {
            found.add("the run neither completed nor says why", "");
        }
        if self.ending.clean && !self.told.is_empty() {
            found.add("rows could not be read, but the run says that nothing went wrong", "");
        }
    }

    /// A run that says it is complete has everything that was there throughout; all of it when nothing moved.
    fn complete(&self, found: &mut Findings) {
        let Ending { organizations, devices, .. } = self.ending;
        let (what, after, told) = ("completed, but", self.after, self.told);
        if let [truth] = self.truths {
            if organizations {
                exact(found, what, "organization", &after.organizations, &truth.organizations, told);
            }
            // An instance may lack that collection, which a run says as an error of its own.
            if organizations && self.ending.clean {
                exact(found, what, "location", &after.locations, &truth.locations, told);
            }
            if devices {
                exact(found, what, "device", &after.devices, &truth.devices, told);
                beats(found, what, &after.devices, &truth.beats, told);
            }
            return;
        }
        let tables = |of: fn(&Truth) -> &Table| self.truths.iter().map(of).collect::<Vec<_>>();
        if organizations {
            there(found, "organization", &after.organizations, &tables(|t| &t.organizations), told);
            there(found, "location", &after.locations, &tables(|t| &t.locations), told);
        }
        if devices {
            there(found, "device", &after.devices, &tables(|t| &t.devices), told);
        }
    }
}

/// What differs between staging and the vendor after a run that met no trouble.
pub fn differences(held: &Held, truth: &Truth) -> Vec<String> {
    let (mut found, nothing) = (Findings::default(), Told::new());
    exact(&mut found, "", "organization", &held.organizations, &truth.organizations, &nothing);
    exact(&mut found, "", "location", &held.locations, &truth.locations, &nothing);
    exact(&mut found, "", "device", &held.devices, &truth.devices, &nothing);
    beats(&mut found, "", &held.devices, &truth.beats, &nothing);
    beats(&mut found, "", &held.organizations, &truth.counts, &nothing);
    found.into_list()
}

/// Rows that were held are still held, say nothing that the vendor never said, and are missing only if they are gone. With
/// `pinned`, those that moved may stand in their place from before.
fn kept(
    found: &mut Findings,
    what: &str,
    (before, after): (&HeldTable, &HeldTable),
    truths: &[&Table],
    pinned: bool,
) {
    for (id, old) in before {
        let Some(new) = after.get(id) else {
            found.add(&format!("{what} rows were lost"), id);
            continue;
        };
        let always = truths.iter().all(|truth| truth.contains_key(id));
        if always && new.missing && !old.missing {
            found.add(&format!("{what}s that exist were marked missing"), id);
        }
        let said = truths.iter().any(|truth| truth.get(id) == Some(&new.fields));
        // The list does not show a decommissioned device, but the vendor says so when it is asked by id.
        let retired = new.missing && without_approval(&new.fields) == without_approval(&old.fields);
        // A row that moved keeps its place until the whole pull is known; what else was told of it is written at once.
        let pinned = pinned
            && truths.iter().filter_map(|truth| truth.get(id)).any(|truth| {
                without_place(&new.fields) == without_place(truth) && place(&new.fields) == place(&old.fields)
            });
        if new.fields != old.fields && !said && !retired && !pinned {
            found.add(
                &format!("{what} rows say what nobody said"),
                &differing(id, &new.fields, truths[0].get(id)),
            );
        }
    }
    for (id, new) in after.iter().filter(|(id, _)| !before.contains_key(*id)) {
        if !truths.iter().any(|truth| truth.get(id) == Some(&new.fields)) {
            found.add(&format!("{what} rows came from nowhere"), id);
        }
    }
}

fn without_approval(fields: &Row) -> Row {
    part(fields, |column| column != "approval")
}

/// What a move changes, which a run plans and carries out at its end.
const PLACE: [&str; 3] = ["organization_id", "location_id", "node_class"];

fn place(fields: &Row) -> Row {
    part(fields, |column| PLACE.contains(&column))
}

fn without_place(fields: &Row) -> Row {
    part(fields, |column| !PLACE.contains(&column))
}

fn part(fields: &Row, which: impl Fn(&str) -> bool) -> Row {
    fields.iter().filter(|(column, _)| which(column)).map(|(c, v)| (*c, v.clone())).collect()
}

/// What optional sources told is still there.
fn extras(found: &mut Findings, before: &HeldTable, after: &HeldTable) {
    for (id, old) in before {
        let Some(new) = after.get(id) else { continue };
        for (column, value) in &old.extras {
            match new.extras.get(column) {
                None => found.add(&format!("{column} was blanked"), id),
                Some(now) if now != value => found.add(&format!("{column} changed"), id),
                Some(_) => {}
            }
        }
    }
}

/// Whether a row could not be read, and the run says so.
fn is_told(told: &Told, what: &str, id: &str) -> bool {
    told.contains(&(what.to_owned(), id.to_owned()))
}

fn exact(found: &mut Findings, why: &str, what: &str, held: &HeldTable, truth: &Table, told: &Told) {
    for (id, row) in truth.iter().filter(|(id, _)| !is_told(told, what, id)) {
        match held.get(id) {
            None => found.add(&format!("{why} {what}s are not there"), id),
            Some(h) if h.missing => found.add(&format!("{why} {what}s that exist are marked missing"), id),
            Some(h) if h.fields != *row => {
                found.add(&format!("{why} {what}s differ"), &differing(id, &h.fields, Some(row)));
            }
            Some(_) => {}
        }
    }
    for (id, _) in held.iter().filter(|(id, row)| !row.missing && !truth.contains_key(*id)) {
        found.add(&format!("{why} {what}s that are gone are not marked missing"), id);
    }
}

fn beats(found: &mut Findings, why: &str, held: &HeldTable, truth: &Table, told: &Told) {
    for (id, row) in truth.iter().filter(|(id, _)| !is_told(told, "device", id)) {
        if let Some(h) = held.get(id).filter(|h| h.beat != *row) {
            found.add(&format!("{why} heartbeats or counts are old"), &differing(id, &h.beat, Some(row)));
        }
    }
}

/// What was there throughout is there.
fn there(found: &mut Findings, what: &str, held: &HeldTable, truths: &[&Table], told: &Told) {
    let always = truths[0].keys().filter(|id| truths.iter().all(|truth| truth.contains_key(*id)));
    let always = always.filter(|id| !is_told(told, what, id));
    for id in always.filter(|id| held.get(*id).is_none_or(|row| row.missing)) {
        found.add(&format!("completed, but {what}s that were there throughout are not"), id);
    }
}

/// An id with the columns that differ.
fn differing(id: &str, held: &Row, truth: Option<&Row>) -> String {
    let Some(truth) = truth else { return id.to_owned() };
    let columns: std::collections::BTreeSet<_> = held.keys().chain(truth.keys()).collect();
    let differing = columns.into_iter().filter(|column| held.get(*column) != truth.get(*column));
    let said = differing.map(|c| format!("{c}: {:?} instead of {:?}", held.get(c), truth.get(c)));
    format!("{id} ({})", said.collect::<Vec<_>>().join(", "))
}

/// Findings by kind, each with some examples.
#[derive(Default)]
struct Findings(BTreeMap<String, Vec<String>>);

impl Findings {
    fn add(&mut self, kind: &str, example: &str) {
        self.0.entry(kind.trim().to_owned()).or_default().push(example.to_owned());
    }

    fn into_list(self) -> Vec<String> {
        let line = |(kind, examples): (String, Vec<String>)| {
            let told = examples.iter().take(TOLD).cloned().collect::<Vec<_>>().join("; ");
            format!("{kind}: {} ({told})", examples.len())
        };
        self.0.into_iter().map(line).collect()
    }
}
