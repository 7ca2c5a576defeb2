use crate::{pages::wizard::step_path, ui::url::encode};
use domain::{
    why::{WhyLink, WhyPlace},
    wizard::Step,
};

/// The address of what a step speaks of.
pub fn address(link: &WhyLink) -> Option<String> {
    let id = link.id;
    let search = link.search.as_deref().map(|text| format!("?search={}", encode(text))).unwrap_or_default();
    Some(match link.place {
        WhyPlace::Device => format!("/devices/{}", id?),
        WhyPlace::Company => format!("/companies/{}", id?),
        WhyPlace::Run => format!("/integrations/{}/runs/{}", link.integration_id?, id?),
        WhyPlace::Questions => format!("/integrations/{}/runs/{}#questions", link.integration_id?, id?),
        WhyPlace::Merged => format!("/duplicates?state=merged{}", search.replace('?', "&")),
        WhyPlace::Integrations => "/settings/integrations".to_owned(),
        WhyPlace::Runs => format!("/integrations/{}/runs", link.integration_id?),
        WhyPlace::Organizations => step_path(link.integration_id, Step::Organizations)? + &search,
        WhyPlace::Staged => step_path(link.integration_id, Step::Devices)? + &search,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::IntegrationId;

    #[test]
    fn each_place_has_an_address() {
        let id: IntegrationId =
            "00000000-0000-7000-8000-000000000001".parse().unwrap_or_else(|_| unreachable!());
        for place in WhyPlace::ALL.iter().copied() {
            let link = WhyLink::at(place, "x", id).with(id.0).named("a b");
            let path = address(&link).unwrap_or_default();
            let of_all = matches!(place, WhyPlace::Merged | WhyPlace::Integrations);
            assert!(path.starts_with('/') && path.contains("00000001") != of_all, "{place}: {path}");
        }
        let mapping = WhyLink::at(WhyPlace::Organizations, "x", id).named("a b");
        assert!(address(&mapping).unwrap_or_default().ends_with("organizations?search=a%20b"));
        let merged = WhyLink::general(WhyPlace::Merged, "x").named("a b&c");
        assert_eq!(address(&merged).unwrap_or_default(), "/duplicates?state=merged&search=a%20b%26c");
    }
}
