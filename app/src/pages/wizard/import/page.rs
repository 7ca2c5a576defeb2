use super::{node_classes::NodeClasses, results::LastImport, staged::StagedDevices, sync::SyncDevices};
use crate::{
    error::AppError,
    pages::wizard::{
        api::{count_staged_devices, list_node_classes, list_staged_devices, start_import},
        current::{Current, required},
        frame::WizardFrame,
    },
    ui::{list::ListState, selection::Selection, toast::use_toasts},
};
use domain::{
    ids::IntegrationId,
    import::{ImportSelection, StagedCounts, StagedDevice, StagedFilter},
    mapping::NodeClassRow,
    page::Listing,
    run::Run,
    wizard::Step,
};
use leptos::prelude::*;

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub struct Import {
    pub current: Current,
    pub list: ListState,
    /// The filters in force.
    pub filter: Memo<StagedFilter>,
    pub classes: Resource<Result<Listing<NodeClassRow>, AppError>>,
    pub staged: Resource<Result<Listing<StagedDevice>, AppError>>,
    pub counts: Resource<Result<StagedCounts, AppError>>,
    pub selection: RwSignal<Selection<StagedFilter>>,
    /// The device sync started here.
    pub sync: RwSignal<Option<Run>>,
    /// The import started here.
    pub import: RwSignal<Option<Run>>,
    pub start: Action<ImportSelection, ()>,
}

impl Import {
    fn from_url() -> Self {
        let (current, list) = (Current::from_url(), ListState::from_url());
        let filter = filter(list);
        let classes = Resource::new(
            move || current.id.get(),
            |id| async move { list_node_classes(required(id)?).await },
        );
        let staged = Resource::new(
            move || (current.id.get(), list.page_number(), list.sort.get(), filter.get()),
            |(id, page, sort, f)| async move {
                list_staged_devices(
                    page,
                    None,
                    f.search,
                    sort,
                    required(id)?,
                    f.node_class,
                    f.organization,
                    f.company,
                    f.status,
                )
                .await
            },
        );
        let counts = Resource::new(
            move || (current.id.get(), StagedFilter { status: None, ..filter.get() }),
            |(id, f)| async move {
                count_staged_devices(required(id)?, f.search, f.node_class, f.organization, f.company).await
            },
        );
        let import = RwSignal::new(None);
        let start = start_action(current, import);
        let selection = RwSignal::new(Selection::default());
        Self {
            current,
            list,
            filter,
            classes,
            staged,
            counts,
            selection,
            sync: RwSignal::new(None),
            import,
            start,
        }
    }

    /// Reads everything again, as after a sync or an import.
    pub fn reload(self) {
        self.classes.refetch();
        self.staged.refetch();
        self.counts.refetch();
    }
}

/// The filters that the URL holds.
fn filter(list: ListState) -> Memo<StagedFilter> {
    let [class, organization, company, status] =
        ["class", "organization", "company", "status"].map(|key| list.get(key));
    Memo::new(move |_| StagedFilter {
        search: list.search_text(),
        node_class: class.get(),
        organization: organization.get(),
        company: company.get().and_then(|c| c.parse().ok()),
        status: status.get().and_then(|s| s.parse().ok()),
    })
}

/// Starts an import and takes up its run.
fn start_action(current: Current, import: RwSignal<Option<Run>>) -> Action<ImportSelection, ()> {
    let toasts = use_toasts();
    Action::new(move |select: &ImportSelection| {
        let (id, select) = (current.id.get_untracked(), select.clone());
        async move {
            match start(id, select).await {
                Ok(run) => _ = import.try_set(Some(run)),
                Err(error) => toasts.failed("The import did not start.", &error),
            }
        }
    })
}

async fn start(id: Option<IntegrationId>, select: ImportSelection) -> Result<Run, AppError> {
    start_import(required(id)?, select).await
}

/// Step 4: device types first, then the devices to import, and what the import did.
#[component]
pub fn ImportPage() -> impl IntoView {
    let page = Import::from_url();
    view! {
        <WizardFrame
            step=Step::Devices
            current=page.current
            text="Choose a device type for each node class, then import the devices of mapped organizations into the inventory."
        >
            <SyncDevices page />
            <LastImport page />
            <NodeClasses page />
            <StagedDevices page />
        </WizardFrame>
    }
}
