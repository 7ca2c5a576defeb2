use super::{again::Again, evidence::EvidenceTable, facts::Facts};
use crate::{
    layout::PageHead,
    pages::runs::{
        controls::Controls,
        follow::{Followed, follow},
    },
    ui::run_panel::RunPanel,
};
use domain::run::Run;
use leptos::prelude::*;

/// The run as it is now, what it held back (`children`), and what proves it. Out: `on_end`; `on_news` when rows with
/// errors or held parts have been added.
#[component]
pub fn Shown(run: Run, on_end: Callback<Run>, on_news: Callback<()>, children: Children) -> impl IntoView {
    let (id, kind) = (run.id, run.kind);
    let first = run.clone();
    let Followed { run, lost } = follow(run, Some(on_end));
    let news = Memo::new(move |_| run.with(|r| (r.open_questions, r.errors)));
    Effect::new(move |before: Option<(i64, i64)>| {
        let now = news.get();
        if before.is_some_and(|before| before != now) {
            on_news.run(());
        }
        now
    });
    view! {
        <PageHead title=kind.label()>
            <Again run />
        </PageHead>
        <Facts run=first live=run />
        <div class="flex flex-col gap-6">
            <RunPanel run lost titled=false>
                <Controls id run />
            </RunPanel>
            {children()}
            <EvidenceTable run />
        </div>
    }
}
