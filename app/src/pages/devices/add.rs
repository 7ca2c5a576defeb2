use super::edit::DeviceDialog;
use crate::{layout::may_manage, ui::icon::Icon};
use domain::{device::DeviceDetail, permissions::Area};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

/// Adds a device that no integration tells of, and goes to it.
#[component]
pub fn AddDevice() -> impl IntoView {
    let open = RwSignal::new(false);
    let navigate = use_navigate();
    let on_saved = Callback::new(move |device: DeviceDetail| {
        navigate(&format!("/devices/{}", device.id), Default::default());
    });
    may_manage(Area::Devices).then(|| {
        view! {
            <button type="button" class="btn btn-sm btn-primary" on:click=move |_| open.set(true)>
                <Icon name="plus" />
                "Add device"
            </button>
            <DeviceDialog open device=Signal::derive(|| None) on_saved />
        }
    })
}
