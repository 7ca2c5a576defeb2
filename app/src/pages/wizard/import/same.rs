use super::page::Import;
use crate::{
    layout::may_manage,
    pages::wizard::{api::resolve_same, current::required},
    ui::{button::ActionButton, toast::use_toasts},
};
use domain::{
    import::{SameAs, SameChoice},
    permissions::Area,
};
use leptos::prelude::*;

/// "Looks like HDG-SRV-01 (serial 4711), enrolled again", and the two answers to that.
#[component]
pub fn Same(page: Import, remote_id: String, name: String, same: SameAs) -> impl IntoView {
    let toasts = use_toasts();
    let known = same.name.clone();
    let resolve = Action::new(move |choice: &SameChoice| {
        let (id, remote_id, choice) = (page.current.id.get_untracked(), remote_id.clone(), *choice);
        let done = match choice {
            SameChoice::Same => format!("{known} goes on with the new enrolment."),
            SameChoice::New => format!("{name} is a device of its own and can be imported."),
        };
        async move {
            let resolved = async { resolve_same(required(id)?, remote_id, choice).await };
            match resolved.await {
                Ok(_) => {
                    toasts.success(done);
                    page.reload();
                }
                Err(error) => toasts.failed("Nothing was changed.", &error),
            }
        }
    });
    let busy = Signal::derive(move || resolve.pending().try_get().unwrap_or_default());
    let press = move |choice| Callback::new(move |()| _ = resolve.dispatch(choice));
    let buttons = may_manage(Area::Mappings).then(|| {
        view! {
            <div class="mt-1 flex flex-wrap gap-1.5">
                <ActionButton label="Same device" busy on_press=press(SameChoice::Same) class="btn btn-xs btn-primary" />
                <ActionButton label="New device" busy on_press=press(SameChoice::New) class="btn btn-xs" />
            </div>
        }
    });
    view! {
        <div class="mt-0.5 text-xs" data-testid="same-as">
            <p>
                "Looks like "
                <a class="link" href=format!("/devices/{}", same.device_id)>{same.name}</a>
                " (serial "
                <span class="font-mono">{same.serial}</span>
                "), enrolled again."
            </p>
            {buttons}
        </div>
    }
}
