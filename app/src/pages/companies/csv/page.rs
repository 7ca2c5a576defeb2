use super::{
    kind::Kind,
    report::Report,
    source::{Source, SourcePicker},
    words::preview_sentence,
};
use crate::{
    error::AppError,
    layout::{BackLink, PageHead},
    ui::{
        button::ActionButton,
        icon::Icon,
        list::ListState,
        number::things,
        state::{ErrorBox, Loading},
        table::FilterLinks,
    },
};
use domain::{csv_import::ImportReport, error::ErrorKind};
use leptos::{html, prelude::*};

/// Imports companies or locations from CSV: a preview with every problem by line, then the import and its result.
#[component]
pub fn ImportCsvPage() -> impl IntoView {
    let list = ListState::from_url();
    let word = list.get("kind");
    let kind = Memo::new(move |_| Kind::from_word(word.read().as_deref()));
    view! {
        <BackLink href="/companies" label="Companies" />
        <PageHead title="Import CSV" text="Companies first, then their locations. Importing the same file again changes nothing." />
        <FilterLinks
            list
            key="kind"
            label="What the file holds"
            options=vec![(None, "Companies".to_owned()), (Some("locations"), "Locations".to_owned())]
        />
        {move || view! { <Importer kind=kind.get() /> }}
    }
    .into_any()
}

/// The steps for one kind of file.
#[component]
fn Importer(kind: Kind) -> impl IntoView {
    let source = RwSignal::new(None::<Source>);
    let preview = Action::new(move |csv: &String| kind.import(csv.clone(), true));
    let import = Action::new(move |csv: &String| kind.import(csv.clone(), false));
    let start_over = Callback::new(move |()| {
        preview.clear();
        import.clear();
        source.set(None);
    });
    let look = Callback::new(move |taken: Source| {
        import.clear();
        preview.dispatch(taken.csv.clone());
        source.set(Some(taken));
    });
    let run = Callback::new(move |()| {
        if let Some(taken) = source.get_untracked() {
            import.dispatch(taken.csv);
        }
    });
    let look_again = Callback::new(move |()| {
        if let Some(taken) = source.get_untracked() {
            preview.dispatch(taken.csv);
        }
    });
    let name = move || source.read().as_ref().map(|s| s.name.clone()).unwrap_or_default();
    let step = move || {
        let busy = (preview.pending().get(), import.value().read().is_some() && import.pending().get());
        match (source.read().is_some(), preview.value().get(), import.value().get()) {
        (true, ..) if busy.0 => view! { <Loading label="Checking every line" /> }.into_any(),
        (true, ..) if busy.1 => view! { <Loading label="Importing" /> }.into_any(),
        (false, ..) => view! { <Choose kind on_source=look /> }.into_any(),
        (true, _, Some(Ok(report))) => view! { <Done kind report on_again=start_over /> }.into_any(),
        (true, _, Some(Err(error))) => view! { <Failed error on_retry=run on_again=start_over /> }.into_any(),
        (true, Some(Err(error)), _) => view! { <Failed error on_retry=look_again on_again=start_over /> }.into_any(),
        (true, Some(Ok(report)), _) => {
            view! { <Preview kind name=name() report busy=import.pending() on_import=run on_again=start_over /> }.into_any()
        }
        (true, None, None) => view! { <Loading label="Checking every line" /> }.into_any(),
    }
    };
    view! { <div class="mt-4">{step}</div> }
}

/// Step 1: what the file must look like, and choosing it.
#[component]
fn Choose(kind: Kind, on_source: Callback<Source>) -> impl IntoView {
    let (columns, rule) = kind.columns();
    let (file, href) = kind.sample();
    view! {
        <div class="grid gap-4 lg:grid-cols-[1fr_20rem]">
            <div><SourcePicker on_source /></div>
            <section class="card bg-base-100" aria-label="The file">
                <div class="card-body gap-2 p-4 text-sm">
                    <h2 class="font-semibold">"What the file needs"</h2>
                    <p>"A first line with the names of the columns, in any order:"</p>
                    <p class="flex flex-wrap gap-1">{columns.iter().map(|c| view! { <code class="rounded bg-base-200 px-1">{*c}</code> }).collect_view()}</p>
                    <p class="text-muted">{rule}</p>
                    <a href=href download=file class="btn btn-sm mt-1 self-start">
                        <Icon name="download" />
                        "Download a sample"
                    </a>
                </div>
            </section>
        </div>
    }
}

/// Step 2: what an import would do.
#[component]
fn Preview(
    kind: Kind,
    name: String,
    report: ImportReport,
    #[prop(into)] busy: Signal<bool>,
    on_import: Callback<()>,
    on_again: Callback<()>,
) -> impl IntoView {
    let (one, many) = kind.nouns();
    let changes = report.created + report.updated;
    let sentence = preview_sentence(&report);
    let label = format!("Import {}", things(changes, one, many));
    view! {
        <section aria-label="Preview">
            <StepHeading text=format!("Preview of {name}") />
            <p class="mb-3 text-sm text-muted">{sentence}</p>
            <div class="mb-4 flex flex-wrap gap-2">
                {(changes > 0).then(|| view! { <ActionButton label busy on_press=on_import class="btn btn-sm btn-primary" /> })}
                <ActionButton label="Choose another file" disabled=busy on_press=on_again />
            </div>
            <Report report done=false />
        </section>
    }
}

/// Step 3: what the import did.
#[component]
fn Done(kind: Kind, report: ImportReport, on_again: Callback<()>) -> impl IntoView {
    let (one, many) = kind.nouns();
    let written = format!("{} imported.", things(report.created + report.updated, one, many));
    let next = (kind == Kind::Companies).then(|| {
        view! { <a class="btn btn-sm" href="/companies/import?kind=locations">"Import locations"</a> }
    });
    view! {
        <section aria-label="Result">
            <div class="alert alert-success alert-soft mb-4">
                <Icon name="check-circle" class="size-5 shrink-0" />
                <StepHeading text=written />
            </div>
            <div class="mb-4 flex flex-wrap gap-2">
                <a class="btn btn-sm btn-primary" href="/companies">"Show companies"</a>
                {next}
                <ActionButton label="Import another file" on_press=on_again />
            </div>
            <Report report done=true />
        </section>
    }
}

/// The file as a whole was refused, or the server could not be reached; only then trying again may help.
#[component]
fn Failed(error: AppError, on_retry: Callback<()>, on_again: Callback<()>) -> impl IntoView {
    let alert = if error.error.kind == ErrorKind::Invalid {
        view! { <ErrorBox error /> }
    } else {
        view! { <ErrorBox error retry=on_retry /> }
    };
    view! {
        {alert}
        <div class="mt-3"><ActionButton label="Choose another file" on_press=on_again /></div>
    }
}

/// The heading of a step. It takes the focus, so that a screen reader goes on from here.
#[component]
fn StepHeading(text: String) -> impl IntoView {
    let node = NodeRef::<html::H2>::new();
    Effect::new(move |_| {
        if let Some(heading) = node.get() {
            _ = heading.focus();
        }
    });
    view! { <h2 node_ref=node tabindex="-1" class="mb-1 text-lg font-semibold break-words outline-none">{text}</h2> }
}
