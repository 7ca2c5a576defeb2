use crate::ui::{
    number::{count, things},
    table::TableBox,
};
use domain::csv_import::RejectedLine;
use leptos::prelude::*;

const PAGE: usize = 25;

/// The lines of a file that cannot be imported, each with its reason; 25 at a time.
#[component]
pub fn Problems(rejected: Vec<RejectedLine>) -> impl IntoView {
    let page = RwSignal::new(0_usize);
    let pages = rejected.len().div_ceil(PAGE).max(1);
    let title = format!("{} with a problem", things(rejected.len() as i64, "line", "lines"));
    let lines = StoredValue::new(rejected);
    let rows = move || {
        let row = |line: &RejectedLine| {
            view! {
                <tr>
                    <td class="num">{count(line.line)}</td>
                    <td><code>{line.field.clone()}</code></td>
                    <td>{line.message.clone()}</td>
                </tr>
            }
        };
        lines.with_value(|lines| lines.iter().skip(page.get() * PAGE).take(PAGE).map(row).collect_view())
    };
    let pager = (pages > 1).then(|| {
        view! {
            <nav class="join mt-2" aria-label="Pages of problems">
                <button type="button" class="btn btn-sm join-item" disabled=move || page.get() == 0 on:click=move |_| page.update(|p| *p -= 1)>
                    "Previous"
                </button>
                <span class="btn btn-sm join-item pointer-events-none" role="status">
                    {move || format!("Page {} of {}", page.get() + 1, pages)}
                </span>
                <button type="button" class="btn btn-sm join-item" disabled=move || { page.get() + 1 >= pages } on:click=move |_| page.update(|p| *p += 1)>
                    "Next"
                </button>
            </nav>
        }
    });
    view! {
        <h3 class="mt-4 mb-2 font-semibold">{title}</h3>
        <TableBox>
            <table class="table table-sm">
                <thead>
                    <tr>
                        <th scope="col" class="num w-px">"Line"</th>
                        <th scope="col" class="w-px">"Column"</th>
                        <th scope="col">"Problem"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </TableBox>
        {pager}
    }
}
