use crate::{
    error::AppError,
    pages::{
        runs::api::{list_held, list_questions},
        wizard::Current,
    },
    ui::list::ListState,
};
use domain::{
    error::UserError,
    ids::{QuestionId, RunId},
    page::Listing,
    run::{Change, Question},
};
use leptos::prelude::*;

/// The key of the address that names the question whose rows are shown.
pub const OPENED: &str = "question";

/// The questions of a run, and the rows of the one that the address names.
#[derive(Clone, Copy)]
pub struct QuestionsOf {
    pub all: Resource<Result<Vec<Question>, AppError>>,
    pub opened: Memo<Option<QuestionId>>,
    /// The rows of the opened question; `None` while none is.
    pub held: Resource<Result<Option<Listing<Change>>, AppError>>,
    /// Search and page of the rows.
    pub list: ListState,
    /// The run that applies a question and was last seen to end: the questions were read again then.
    ended: StoredValue<Option<RunId>>,
}

impl QuestionsOf {
    /// Reads them under the address. Made by the page, so that they are read with the run.
    pub fn from_url(current: Current, run: Memo<Option<RunId>>) -> Self {
        let list = ListState::named("held");
        let named = list.get(OPENED);
        let opened = Memo::new(move |_| named.get().and_then(|id| id.parse().ok()));
        let all = Resource::new(
            move || (current.id.get(), run.get()),
            |(integration, run)| async move {
                let (integration, run) = integration.zip(run).ok_or_else(|| UserError::not_found("run"))?;
                list_questions(integration, Some(run), None).await
            },
        );
        let held = Resource::new(
            move || (opened.get(), list.page_number(), list.search_text()),
            |(id, page, search)| async move {
                let Some(id) = id else { return Ok(None) };
                list_held(page, Some(20), search, None, id).await.map(Some)
            },
        );
        Self { all, opened, held, list, ended: StoredValue::new(None) }
    }

    /// Reads everything again when a run that applies a question has ended, once.
    pub fn applied(self, run: RunId) {
        if self.ended.try_get_value() != Some(Some(run)) {
            self.ended.set_value(Some(run));
            self.reload();
        }
    }

    /// Reads everything again, as after a decision.
    pub fn reload(self) {
        self.all.refetch();
        self.held.refetch();
    }
}
