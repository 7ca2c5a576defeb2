use super::{
    controls::Controls,
    follow::{Followed, follow},
    paths::run_path,
    words::look,
};
use crate::ui::run_panel::RunPanel;
use domain::run::Run;
use leptos::prelude::*;

/// A run that goes on by itself until its end, with the buttons that steer it. In: the run as the server knew it, whether
/// to show its title. Out: `on_end` with its final state, once, if it was active before.
#[component]
pub fn LiveRunPanel(
    run: Run,
    #[prop(optional)] on_end: Option<Callback<Run>>,
    #[prop(default = true)] titled: bool,
) -> impl IntoView {
    let details = run_path(run.integration_id, run.id);
    let id = run.id;
    let Followed { run, lost } = follow(run, on_end);
    view! {
        <RunPanel run lost details=Some(details) look=look() titled>
            <Controls id run />
        </RunPanel>
    }
}
