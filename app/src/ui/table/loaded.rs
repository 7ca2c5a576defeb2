use super::TableSkeleton;
use crate::{
    error::AppError,
    ui::{
        pending::{Pending, Reloading},
        state::ErrorBox,
    },
};
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

/// A list that is read under its filters: a skeleton first, dimmed while the next answer is on its way, an error with a
/// way to try again.
///
/// In: what is read, rows and columns of the skeleton, how an answer is shown; `retry` where more than the list is to be
/// read again.
#[component]
pub fn Loaded<T, S>(
    read: Resource<Result<T, AppError>>,
    rows: usize,
    columns: usize,
    show: S,
    #[prop(optional)] retry: Option<Callback<()>>,
) -> impl IntoView
where
    T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
    S: Fn(T) -> AnyView + Clone + Send + Sync + 'static,
{
    let pending = Pending::new();
    view! {
        <div class="transition-opacity" class:opacity-60=move || pending.is_on() aria-busy=move || pending.is_on().to_string()>
            <Reloading pending fallback=move || view! { <TableSkeleton rows columns /> }>
                {move || {
                    let show = show.clone();
                    Suspend::new(async move {
                        match read.await {
                            Ok(found) => show(found),
                            Err(error) => {
                                let retry = retry.unwrap_or_else(|| Callback::new(move |()| read.refetch()));
                                view! { <ErrorBox error retry /> }.into_any()
                            }
                        }
                    })
                }}
            </Reloading>
        </div>
    }
}
