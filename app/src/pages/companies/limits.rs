use crate::layout::may_view;
use crate::{
    pages::wizard::company_search,
    ui::{
        combobox::{ComboOption, Combobox},
        field::SelectField,
        icon::Icon,
        number::things,
    },
};
use domain::permissions::Area;
use domain::{company::CompanyRef, ids::CompanyId};
use leptos::{html, prelude::*, wasm_bindgen::JsCast};

/// The companies that somebody is to be limited to, as a form holds them.
#[derive(Clone, Copy)]
pub struct Limits {
    which: RwSignal<String>,
    companies: RwSignal<Vec<CompanyRef>>,
}

impl Limits {
    /// As they are now; `None` for all companies.
    pub fn new(companies: Option<Vec<CompanyRef>>) -> Self {
        let which = if companies.is_some() { "some" } else { "all" };
        Self {
            which: RwSignal::new(which.to_owned()),
            companies: RwSignal::new(companies.unwrap_or_default()),
        }
    }

    /// What is to be saved.
    pub fn ids(self) -> Option<Vec<CompanyId>> {
        let some = self.which.with_untracked(|which| which == "some");
        some.then(|| self.companies.with_untracked(|all| all.iter().map(|company| company.id).collect()))
    }

    fn add(self, option: ComboOption) {
        let Ok(id) = option.id.parse() else { return };
        self.companies.update(|all| {
            if all.iter().all(|company| company.id != id) {
                all.push(CompanyRef { id, name: option.text });
                all.sort_by_cached_key(|company| company.name.to_lowercase());
            }
        });
    }

    fn remove(self, id: CompanyId) {
        self.companies.update(|all| all.retain(|company| company.id != id));
    }
}

/// To how many companies somebody is limited, in words.
pub fn limit_words(companies: i64) -> String {
    if companies == 0 { "No company".to_owned() } else { things(companies, "company", "companies") }
}

/// A choice between all companies and some, which are searched for and added one by one.
#[component]
pub fn LimitsField(limits: Limits, #[prop(optional, into)] error: Signal<Option<String>>) -> impl IntoView {
    // Who does not see companies cannot choose any; a limit that is there can still be taken away.
    if !may_view(Area::Companies) && limits.which.with_untracked(|which| which == "all") {
        return None;
    }
    let options = [("all", "All companies"), ("some", "Only these companies")];
    let options = options.map(|(key, text)| (key.to_owned(), text.to_owned())).to_vec();
    let some = Memo::new(move |_| limits.which.with(|which| which == "some"));
    Some(view! {
        <SelectField label="Companies" name="companies" value=limits.which options error />
        <Show when=move || some.get()>
            <Chosen limits />
        </Show>
    })
}

#[component]
fn Chosen(limits: Limits) -> impl IntoView {
    let field = NodeRef::<html::Div>::new();
    let on_select = Callback::new(move |option| limits.add(option));
    let words = move || match limits.companies.with(Vec::len) {
        0 => "No company yet: nothing is shown to them.".to_owned(),
        n => format!("{} chosen.", things(n as i64, "company", "companies")),
    };
    let row = move |company: CompanyRef| {
        let remove = move |_| {
            limits.remove(company.id);
            focus_input(field);
        };
        view! {
            <li class="flex items-center justify-between gap-2 py-1 pl-3 pr-1">
                <span class="min-w-0 wrap-anywhere text-sm">{company.name.clone()}</span>
                <button
                    type="button"
                    class="btn btn-ghost btn-xs btn-square"
                    aria-label=format!("Remove {}", company.name)
                    on:click=remove
                >
                    <Icon name="close" />
                </button>
            </li>
        }
    };
    view! {
        <div node_ref=field class="flex flex-col gap-2">
            {may_view(Area::Companies).then(|| {
                view! {
                    <Combobox
                        label="Add a company"
                        selected=Signal::derive(|| None)
                        search=company_search()
                        on_select
                        placeholder="Add a company"
                        mark=false
                    />
                }
            })}
            <p role="status" class="text-sm text-muted">{words}</p>
            <ul class="flex max-h-48 flex-col divide-y divide-base-300 overflow-y-auto rounded-box border border-base-300 empty:hidden">
                <For each=move || limits.companies.get() key=|company| company.id children=row />
            </ul>
        </div>
    }
}

/// The button that was pressed is gone: the keyboard goes on in the search.
fn focus_input(field: NodeRef<html::Div>) {
    let input = field.get_untracked().and_then(|div| div.query_selector("input").ok().flatten());
    if let Some(input) = input.and_then(|input| input.dyn_into::<web_sys::HtmlElement>().ok()) {
        _ = input.focus();
    }
}
