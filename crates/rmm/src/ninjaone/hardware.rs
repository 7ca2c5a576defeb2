//! What a device is made of, read out of its own row: agents tell it in objects and lists, virtual machines and their hosts flat.
//!
//! As everywhere, each field may be absent, null, or of another type than the document says; such a field tells nothing.

use domain::device::{LiveHardware, LiveProcessor, LiveVolume};
use serde_json::{Map, Value};

/// Most entries of a list that are read.
const MOST: usize = 256;
/// Agents tell the speed of a processor in hertz, hosts of virtual machines in megahertz: no processor has so few hertz.
const MEGAHERTZ: i64 = 1_000_000;

type Row = Map<String, Value>;

/// The hardware of a device's row as `/v2/device/{id}` and `/v2/devices-detailed` print it.
pub fn hardware(row: &Row) -> LiveHardware {
    let none = Row::new();
    let of = |key: &str| row.get(key).and_then(Value::as_object).unwrap_or(&none);
    let (system, memory) = (of("system"), of("memory"));
    // A host has no `system`, and a guest neither.
    let guest = text(row, "nodeClass").is_some_and(|class| class.ends_with("_GUEST"));
    let sizes =
        [number(memory, "capacity"), number(system, "totalPhysicalMemory"), number(row, "memorySize")];
    LiveHardware {
        manufacturer: text(system, "manufacturer").or_else(|| text(row, "vendor")),
        model: text(system, "model").or_else(|| text(row, "model")),
        serial: text(system, "serialNumber").or_else(|| text(row, "serviceTag")),
        bios_serial: text(system, "biosSerialNumber"),
        virtual_machine: system.get("virtualMachine").and_then(Value::as_bool).or(guest.then_some(true)),
        memory_bytes: sizes.into_iter().flatten().find(|size| *size > 0),
        processors: processors(row, system),
        volumes: objects(row, "volumes").filter_map(volume).collect(),
    }
}

/// Processors that are alike become one line.
fn processors(row: &Row, system: &Row) -> Vec<LiveProcessor> {
    let mut kinds: Vec<LiveProcessor> = Vec::new();
    for one in objects(row, "processors").map(processor) {
        let alike = |kind: &&mut LiveProcessor| kind.name == one.name && kind.hertz == one.hertz;
        match kinds.iter_mut().find(alike) {
            Some(kind) => {
                kind.count += one.count;
                kind.cores = both(kind.cores, one.cores);
                kind.threads = both(kind.threads, one.threads);
            }
            None => kinds.push(one),
        }
    }
    if kinds.is_empty() {
        kinds.extend(flat(row, system));
    }
    kinds
}

fn processor(row: &Row) -> LiveProcessor {
    LiveProcessor {
        name: text(row, "name"),
        count: 1,
        cores: positive(row, "numCores"),
        threads: positive(row, "numLogicalCores"),
        hertz: speed(positive(row, "maxClockSpeed").or_else(|| positive(row, "clockSpeed"))),
    }
}

/// What stands in the row itself, if anything.
fn flat(row: &Row, system: &Row) -> Option<LiveProcessor> {
    let count = positive(row, "cpuPackages").or_else(|| positive(system, "numberOfProcessors"));
    let told = LiveProcessor {
        name: text(row, "cpuModel"),
        count: count.unwrap_or(1),
        cores: positive(row, "cpuCores"),
        threads: positive(row, "cpuThreads"),
        hertz: speed(positive(row, "cpuMhz")),
    };
    let any = [count, told.cores, told.threads, told.hertz].into_iter().any(|n| n.is_some());
    (any || told.name.is_some()).then_some(told)
}

/// A part of a disk; one that has neither a name nor a size says nothing.
fn volume(row: &Row) -> Option<LiveVolume> {
    let volume = LiveVolume {
        name: text(row, "name").or_else(|| text(row, "driveLetter")),
        label: text(row, "label"),
        kind: text(row, "deviceType"),
        file_system: text(row, "fileSystem"),
        capacity_bytes: positive(row, "capacity"),
        free_bytes: number(row, "freeSpace"),
    };
    (volume.name.is_some() || volume.capacity_bytes.is_some()).then_some(volume)
}

/// The sum, where both are known.
fn both(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    one.zip(other).map(|(one, other)| one.saturating_add(other))
}

fn speed(told: Option<i64>) -> Option<i64> {
    told.map(|n| if n < MEGAHERTZ { n * MEGAHERTZ } else { n })
}

/// The objects of a list.
fn objects<'a>(row: &'a Row, key: &str) -> impl Iterator<Item = &'a Row> {
    let list = row.get(key).and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_object).take(MOST)
}

/// Trimmed, without NUL; `None` when nothing remains.
fn text(row: &Row, key: &str) -> Option<String> {
    let text = match row.get(key)? {
        Value::String(text) => text.replace('\0', ""),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// A whole number that is not below zero.
fn number(row: &Row, key: &str) -> Option<i64> {
    let value = row.get(key)?;
    let read = || value.as_str().and_then(|text| text.trim().parse().ok());
    let number = value.as_i64().or_else(|| value.as_f64().map(|n| n as i64)).or_else(read)?;
    (number >= 0).then_some(number)
}

fn positive(row: &Row, key: &str) -> Option<i64> {
    number(row, key).filter(|n| *n > 0)
}

#[cfg(test)]
mod tests {
    use super::hardware;
    use domain::device::{LiveHardware, LiveProcessor, LiveVolume};
    use serde_json::{Value, json};

    fn read(row: Value) -> LiveHardware {
        hardware(row.as_object().expect("an object"))
    }

    fn processor(name: &str, count: i64, (cores, threads): (i64, i64), hertz: i64) -> LiveProcessor {
        let (name, cores, threads) = (Some(name.to_owned()), Some(cores), Some(threads));
        LiveProcessor { name, count, cores, threads, hertz: Some(hertz) }
    }

    #[test]
    fn an_agent_tells_in_objects_and_lists() {
        let cpu = json!({ "name": "Xeon 6258R", "numCores": 7, "numLogicalCores": 14, "maxClockSpeed": 2_694_000_000_i64 });
        let disk = json!({ "name": "C:", "label": " System ", "deviceType": "Local Disk", "fileSystem": "NTFS",
            "capacity": 136_559_194_112_i64, "freeSpace": 0 });
        let told = read(json!({
            "nodeClass": "WINDOWS_SERVER",
            "system": { "manufacturer": "Microsoft Corporation", "model": "Virtual Machine", "serialNumber": "1-2",
                "biosSerialNumber": "1-2", "totalPhysicalMemory": 1, "virtualMachine": true },
            "memory": { "capacity": 68_913_397_760_i64 },
            "processors": [cpu, cpu, { "name": "Other", "numCores": 2 }],
            "volumes": [disk, { "driveLetter": "D:" }, { "label": "nothing" }, 7],
        }));
        assert_eq!((told.serial.as_deref(), told.bios_serial.as_deref()), (Some("1-2"), Some("1-2")));
        assert_eq!((told.virtual_machine, told.memory_bytes), (Some(true), Some(68_913_397_760)));
        assert_eq!(told.processors[0], processor("Xeon 6258R", 2, (14, 28), 2_694_000_000));
        assert_eq!((told.processors.len(), told.processors[1].cores), (2, Some(2)));
        let c = LiveVolume {
            name: Some("C:".into()),
            label: Some("System".into()),
            kind: Some("Local Disk".into()),
            file_system: Some("NTFS".into()),
            capacity_bytes: Some(136_559_194_112),
            free_bytes: Some(0),
        };
        assert_eq!((told.volumes.len(), &told.volumes[0]), (2, &c));
        assert_eq!((told.volumes[1].name.as_deref(), told.volumes[1].capacity_bytes), (Some("D:"), None));
    }

    #[test]
    fn a_host_and_a_guest_tell_flat() {
        let host = read(json!({
            "nodeClass": "VMWARE_VM_HOST", "vendor": "HPE", "model": "ProLiant DL380 Gen10", "serviceTag": "SGH000",
            "memorySize": 102_715_461_632_i64, "cpuModel": "Xeon 4114", "cpuMhz": 2195, "cpuPackages": 2, "cpuCores": 20,
            "cpuThreads": 40,
        }));
        assert_eq!(host.processors, [processor("Xeon 4114", 2, (20, 40), 2_195_000_000)]);
        assert_eq!((host.memory_bytes, host.serial.as_deref()), (Some(102_715_461_632), Some("SGH000")));
        assert_eq!((host.manufacturer.as_deref(), host.virtual_machine), (Some("HPE"), None));
        let guest = json!({ "nodeClass": "VMWARE_VM_GUEST", "memorySize": "4294967296", "cpuCores": 4 });
        let guest = read(guest);
        assert_eq!((guest.virtual_machine, guest.memory_bytes), (Some(true), Some(4_294_967_296)));
        assert_eq!((guest.processors[0].count, guest.processors[0].cores), (1, Some(4)));
    }

    #[test]
    fn what_is_of_no_use_tells_nothing() {
        for row in [
            json!({}),
            json!({ "system": null, "memory": [], "processors": {}, "volumes": "C:" }),
            json!({ "memory": { "capacity": 0 }, "volumes": [null, {}], "processors": [null] }),
            json!({ "memory": { "capacity": -5 }, "system": { "totalPhysicalMemory": "much", "model": " \u{0} " } }),
        ] {
            let told = read(row);
            assert_eq!(told, LiveHardware::default());
            assert!(told.is_empty());
        }
        let huge = read(json!({ "memory": { "capacity": 1e300 }, "processors": [{ "clockSpeed": 1e300 }] }));
        assert_eq!((huge.memory_bytes, huge.processors[0].hertz), (Some(i64::MAX), Some(i64::MAX)));
    }
}
