use super::{api::update_breaker, list::Integrations};
use crate::{
    layout::may_manage,
    ui::{
        button::SubmitButton,
        dialog::Dialog,
        field::{FormError, FormErrors, TextField},
        icon::Icon,
        number::things,
        toast::use_toasts,
    },
};
use domain::{breaker::BreakerSettings, error::UserError, ids::IntegrationId, permissions::Area};
use leptos::prelude::*;

/// At how much at once a sync stops and asks, and for admins the button that changes it.
#[component]
pub fn Breaker(
    id: IntegrationId,
    settings: BreakerSettings,
    version: i64,
    all: Integrations,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let words = format!(
        "A sync asks first when more than {}\u{a0}% of the devices, or of one company, would go missing, move or change type at \
         once ({} or more).",
        settings.percent,
        things(settings.rows, "device", "devices"),
    );
    let change = may_manage(Area::Integrations).then(|| {
        view! {
            <button type="button" class="btn btn-sm" aria-label="Change when a sync asks" on:click=move |_| open.set(true)>
                "Change"
            </button>
            <Dialog open title="When does a sync ask?">
                <BreakerForm id settings version open all />
            </Dialog>
        }
    });
    view! {
        <div class="flex flex-wrap items-start gap-x-3 gap-y-2 text-sm text-muted sm:items-center" data-testid="breaker">
            <Icon name="shield" class="size-5 shrink-0" />
            <p class="min-w-0 flex-1 basis-52">{words}</p>
            {change}
        </div>
    }
}

#[component]
fn BreakerForm(
    id: IntegrationId,
    settings: BreakerSettings,
    version: i64,
    open: RwSignal<bool>,
    all: Integrations,
) -> impl IntoView {
    let percent = RwSignal::new(settings.percent.to_string());
    let rows = RwSignal::new(settings.rows.to_string());
    let errors = FormErrors::new(&["percent", "rows"]);
    let toasts = use_toasts();
    let save = Action::new(move |wanted: &BreakerSettings| {
        let BreakerSettings { percent, rows } = *wanted;
        async move {
            match update_breaker(id, percent, rows, Some(version)).await {
                Ok(_) => {
                    open.try_set(false);
                    toasts.success(format!(
                        "Saved: more than {percent} %, from {}.",
                        things(rows, "device", "devices")
                    ));
                    all.refetch();
                }
                Err(error) => errors.set(error),
            }
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        errors.clear();
        match entered(&percent.read_untracked(), &rows.read_untracked()) {
            Ok(settings) => _ = save.dispatch(settings),
            Err(error) => errors.set(error.into()),
        }
    };
    view! {
        <form class="flex flex-col gap-3" on:submit=submit novalidate>
            <p class="text-sm">
                "A lost permission or a fault of NinjaOne can make a fleet look gone or moved. When more than this share \
                 would change at once, the sync holds that part back and asks."
            </p>
            <FormError text=errors.general() signed_out=errors.signed_out() />
            <TextField
                label="Share in percent"
                name="percent"
                value=percent
                error=errors.about("percent")
                help="Of all devices, or of the devices of one company. 1 to 100."
                required=true
            />
            <TextField
                label="Devices at least"
                name="rows"
                value=rows
                error=errors.about("rows")
                help="Fewer than this never stop a sync, so that small companies do not ask all the time."
                required=true
            />
            <div class="modal-action mt-2">
                <button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button>
                <SubmitButton label="Save" busy=save.pending() />
            </div>
        </form>
    }
}

/// The settings as typed, or the field that is wrong.
fn entered(percent: &str, rows: &str) -> Result<BreakerSettings, UserError> {
    let number = |text: &str| text.trim().replace([',', ' '], "").parse().unwrap_or(0);
    BreakerSettings { percent: number(percent), rows: number(rows) }.checked()
}
