//! Processors, memory and disks, which no sync reads: the vendor is asked for them while the page is open.

use crate::{
    error::AppError,
    layout::is_limited,
    pages::devices::api::load_raw_device,
    ui::{
        number::{bytes, memory, speed, things},
        state::ErrorBox,
        time::When,
    },
};
use domain::{
    device::{DeviceDetail, DeviceFacts, LiveHardware, LiveProcessor, LiveVolume, RawDevice},
    ids::DeviceId,
};
use leptos::{prelude::*, task::spawn_local};

/// What the vendor says of the device on this page: asked once, however often the page is drawn anew.
#[derive(Clone, Copy)]
pub struct Asked {
    of: StoredValue<Option<DeviceId>>,
    answer: RwSignal<Option<Result<RawDevice, AppError>>>,
}

impl Asked {
    /// Call it in the page's component.
    pub fn new() -> Self {
        Self { of: StoredValue::new(None), answer: RwSignal::new(None) }
    }

    fn once(self, device: DeviceId) {
        if self.of.get_value() != Some(device) {
            self.ask(device);
        }
    }

    fn ask(self, device: DeviceId) {
        self.of.set_value(Some(device));
        self.answer.set(None);
        spawn_local(async move {
            let told = load_raw_device(device).await;
            // The page may show another device by now, or be gone.
            if self.of.try_get_value() == Some(Some(device)) {
                self.answer.try_set(Some(told));
            }
        });
    }
}

const NOTE: &str = "pt-1 text-sm text-muted";

/// The end of the group of hardware; nothing for a device that no vendor feeds.
pub fn live_hardware(device: &DeviceDetail, asked: Asked) -> Option<AnyView> {
    let source = device.source.as_ref()?;
    let integration = source.integration.clone();
    if source.missing_since.is_some() {
        let text = format!(
            "{integration} does not list this device any more, so it cannot be asked for processor, memory and disks."
        );
        return Some(view! { <p class=NOTE>{text}</p> }.into_any());
    }
    // The vendor tells of the organization, too.
    if is_limited() && source.organization.is_none() {
        let text = "Processor, memory and disks are not shown: the device's organization is not mapped to one of your companies.";
        return Some(view! { <p class=NOTE>{text}</p> }.into_any());
    }
    let (id, facts) = (device.id, device.facts.clone());
    Some(view! { <Live id integration facts asked /> }.into_any())
}

#[component]
fn Live(id: DeviceId, integration: String, facts: DeviceFacts, asked: Asked) -> impl IntoView {
    // In the browser alone, after the page is there: nothing of it waits for the vendor.
    Effect::new(move |_| asked.once(id));
    let retry = Callback::new(move |()| asked.ask(id));
    let asking = format!("Asking {integration} for processor, memory and disks…");
    view! {
        <div class="border-t border-base-300 pt-2 text-sm" data-testid="live-hardware" aria-live="polite">
            {move || match asked.answer.get() {
                None => view! {
                    <p class="flex items-center gap-2 py-1 text-muted">
                        <span class="loading loading-spinner loading-xs" aria-hidden="true"></span>
                        {asking.clone()}
                    </p>
                }
                    .into_any(),
                Some(Ok(told)) => view! { <Told told facts=facts.clone() /> }.into_any(),
                Some(Err(error)) => view! { <ErrorBox error retry /> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Told(told: RawDevice, facts: DeviceFacts) -> impl IntoView {
    let RawDevice { integration, hardware, asked_at, .. } = told;
    let nothing = hardware.is_empty().then(|| {
        view! { <p class="text-muted">{format!("{integration} tells no processor, memory or disks of this device.")}</p> }
    });
    let lines = lines(&hardware, &facts).into_iter().map(|(label, text)| {
        view! {
            <div class="grid grid-cols-[6.75rem_minmax(0,1fr)] gap-x-3 py-1.5 sm:grid-cols-[8.5rem_minmax(0,1fr)]">
                <dt class="text-muted wrap-anywhere">{label}</dt>
                <dd class="wrap-anywhere">{text}</dd>
            </div>
        }
    });
    view! {
        {nothing}
        <dl class="divide-y divide-base-300 empty:hidden">{lines.collect_view()}</dl>
        <p class="pt-1 text-xs text-muted">{format!("As {integration} says now, ")} <When time=asked_at /></p>
    }
}

/// What there is to say, with what it is about. What the sync has told stands above already.
fn lines(hardware: &LiveHardware, facts: &DeviceFacts) -> Vec<(String, String)> {
    let line = |label: &str, text: String| (label.to_owned(), text);
    let unless = |known: bool, text: &Option<String>| text.clone().filter(|_| !known);
    let is_virtual = hardware.virtual_machine.filter(|_| facts.virtual_machine.is_none());
    let others = [
        ("Manufacturer", unless(facts.manufacturer.is_some(), &hardware.manufacturer)),
        ("Model", unless(facts.model.is_some(), &hardware.model)),
        ("Serial", unless(facts.serial.is_some(), &hardware.serial)),
        ("BIOS serial", unless(facts.bios_serial.is_some(), &hardware.bios_serial)),
        ("Virtual machine", is_virtual.map(|yes| if yes { "Yes" } else { "No" }.to_owned())),
    ];
    let processors = hardware.processors.iter().map(|it| line("Processor", processor_words(it)));
    let memory = hardware.memory_bytes.map(|size| line("Memory", memory(size)));
    let volumes = hardware.volumes.iter().map(|it| (volume_name(it), volume_words(it)));
    let others = others.into_iter().filter_map(|(label, text)| Some(line(label, text?)));
    processors.chain(memory).chain(volumes).chain(others).collect()
}

/// `2 × Intel Xeon Gold 6258R: 14 cores, 28 threads, 2.7 GHz`.
fn processor_words(it: &LiveProcessor) -> String {
    let details = [
        it.cores.map(|n| things(n, "core", "cores")),
        it.threads.map(|n| things(n, "thread", "threads")),
        it.hertz.map(speed),
    ];
    let details = details.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let name = match (&it.name, it.count) {
        (Some(name), 1) => name.clone(),
        (Some(name), n) => format!("{n} × {name}"),
        (None, n) => things(n, "processor", "processors"),
    };
    if details.is_empty() { name } else { format!("{name}: {details}") }
}

/// `Disk C: (System)`.
fn volume_name(it: &LiveVolume) -> String {
    let name = it.name.as_deref().unwrap_or_default();
    match it.label.as_deref().filter(|label| *label != name) {
        Some(label) => format!("Disk {name} ({label})"),
        None => format!("Disk {name}").trim_end().to_owned(),
    }
}

/// `136.6 GB, 60.9 GB free (45 %), NTFS`.
fn volume_words(it: &LiveVolume) -> String {
    let free = it.free_bytes.map(|free| match it.capacity_bytes {
        Some(all) => format!("{} free ({} %)", bytes(free), share(free, all)),
        None => format!("{} free", bytes(free)),
    });
    // Where it is not simply built in, such as `Removable Disk`.
    let kind = it.kind.clone().filter(|kind| kind != "Local Disk");
    let told = [it.capacity_bytes.map(bytes), free, it.file_system.clone(), kind];
    let told = told.into_iter().flatten().collect::<Vec<_>>().join(", ");
    if told.is_empty() { "Size not known".to_owned() } else { told }
}

/// Percent, rounded down; never more than there is.
fn share(part: i64, all: i64) -> i64 {
    let percent = i128::from(part) * 100 / i128::from(all.max(1));
    i64::try_from(percent.min(100)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn processor(name: Option<&str>, count: i64) -> LiveProcessor {
        let name = name.map(str::to_owned);
        LiveProcessor { name, count, cores: Some(14), threads: None, hertz: Some(2_694_000_000) }
    }

    fn volume(name: &str, label: Option<&str>) -> LiveVolume {
        LiveVolume {
            name: Some(name.to_owned()),
            label: label.map(str::to_owned),
            kind: Some("Local Disk".to_owned()),
            file_system: Some("NTFS".to_owned()),
            capacity_bytes: Some(136_559_194_112),
            free_bytes: Some(60_945_354_752),
        }
    }

    #[test]
    fn processors_and_disks_are_told_in_words() {
        assert_eq!(processor_words(&processor(Some("Xeon"), 2)), "2 × Xeon: 14 cores, 2.7 GHz");
        assert_eq!(processor_words(&processor(None, 1)), "1 processor: 14 cores, 2.7 GHz");
        let c = volume("C:", Some("System"));
        assert_eq!(volume_name(&c), "Disk C: (System)");
        assert_eq!(volume_words(&c), "136.6 GB, 60.9 GB free (44 %), NTFS");
        assert_eq!((volume_name(&volume("/", Some("/"))), share(7, 0)), ("Disk /".to_owned(), 100));
        let bare =
            LiveVolume { capacity_bytes: None, free_bytes: None, file_system: None, ..volume("D:", None) };
        assert_eq!(volume_words(&bare), "Size not known");
    }

    #[test]
    fn what_the_sync_has_told_is_not_said_twice() {
        let hardware = LiveHardware {
            serial: Some("S1".into()),
            bios_serial: Some("B1".into()),
            memory_bytes: Some(17_179_869_184),
            ..LiveHardware::default()
        };
        let facts = DeviceFacts { serial: Some("S1".into()), ..DeviceFacts::default() };
        let told = lines(&hardware, &facts);
        let expected = [("Memory", "16 GiB"), ("BIOS serial", "B1")];
        assert_eq!(told, expected.map(|(label, text)| (label.to_owned(), text.to_owned())));
    }
}
