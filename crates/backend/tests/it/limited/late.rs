//! Companies that are taken away, and users who are limited, by the time that a change of theirs has its turn.

use super::Kim;
use crate::{
    staged::Staged,
    support::{TestPortal, kind_of, refused},
};
use backend::{Tenant, TokenInput, session::Visitor, tenant::Manage};
use domain::{
    compliance::{Check, SubjectInput, TermsInput},
    device::DeviceFilter,
    device_edit::{
        DeviceAction,
        DeviceField::{self, Company, DeviceType, Name, Notes},
        DeviceQuery, DeviceSelection, FieldValue,
    },
    error::ErrorKind::{Forbidden, NotFound},
    ids::{CompanyId, DeviceId, DeviceTypeId},
    page::ListQuery,
    permissions::Area,
    role::Role,
};
use sea_orm::{ConnectionTrait, DatabaseConnection, TransactionTrait};
use std::time::Duration;

on_both!(what_is_taken_away_by_now_is_left_alone, whoever_is_limited_by_now_is_refused);

const ROBIN: &str = "robin@northwind.example";
const TAKE: &str =
    "DELETE FROM assigned_companies WHERE company_id IN (SELECT id FROM companies WHERE name = 'Fabrikam')";
const LIMIT: &str = "UPDATE users SET restricted = TRUE WHERE email = 'robin@northwind.example'";

/// Two companies with a device each; the second one is taken away.
struct Two {
    companies: [CompanyId; 2],
    devices: [DeviceId; 2],
    kind: DeviceTypeId,
    elsewhere: DatabaseConnection,
}

fn to(field: DeviceField, value: impl ToString) -> FieldValue {
    FieldValue { field, value: Some(value.to_string()) }
}

fn noted(text: &str) -> Vec<FieldValue> {
    vec![to(Notes, text)]
}

fn because(reason: &str) -> TermsInput {
    TermsInput { reason: reason.into(), until: None }
}

impl Two {
    async fn of(test: &TestPortal) -> Self {
        let (staged, admin) = (Staged::new(test).await, test.admin());
        let companies = [staged.company("Contoso").await, staged.company("Fabrikam").await];
        let kind = admin.create_device_type("Kiosk").await.unwrap().id;
        let mut devices = Vec::new();
        for company in companies {
            let fields = vec![to(Name, "PC"), to(Company, company), to(DeviceType, kind)];
            devices.push(admin.create_device(fields).await.unwrap().id);
        }
        Self { companies, devices: [devices[0], devices[1]], kind, elsewhere: test.elsewhere().await }
    }

    fn both(&self) -> DeviceSelection {
        DeviceSelection::Ids(self.devices.to_vec())
    }

    /// What comes of `act` when its turn is after that of a change.
    async fn behind<T>(&self, change: &str, act: impl Future<Output = T>) -> T {
        let tx = self.elsewhere.begin().await.unwrap();
        for statement in [
            "UPDATE tenants SET name = name",
            "UPDATE users SET name = name",
            "UPDATE devices SET name = name",
            change,
        ] {
            tx.execute_unprepared(statement).await.unwrap();
        }
        let ends = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            tx.commit().await.unwrap();
        };
        futures::join!(act, ends).0
    }

    /// What Kim does, who has both companies at first, when its turn is after the second one was taken away.
    async fn without<T>(&self, kim: &Kim<'_>, act: impl AsyncFnOnce(Tenant<Manage>) -> T) -> T {
        let all = Some(self.companies.to_vec());
        kim.test.admin().set_user_companies(kim.id, all, None).await.unwrap();
        let tenant = kim.tenant().await;
        self.behind(TAKE, act(tenant)).await
    }
}

async fn what_is_taken_away_by_now_is_left_alone(test: TestPortal) {
    let (two, admin) = (Two::of(&test).await, test.admin());
    let kim = Kim::of(&test, &two.companies).await;
    let of_company = SubjectInput { device: None, company: Some(two.companies[1]) };
    let of_device = SubjectInput { device: Some(two.devices[1]), company: None };
    let action = DeviceAction::Set(noted("Before"));
    let edit = kim.tenant().await.edit_devices(two.both(), action).await.unwrap().edit.expect("an edit");
    let excepted = admin.add_compliance_exception(Check::Offline, of_company, because("Kiosk")).await;
    let excepted = excepted.unwrap();
    let before = admin.device(two.devices[1]).await.unwrap();

    let undone = two.without(&kim, async |kim| kim.undo_edit(edit).await).await;
    assert_eq!(kind_of(undone).0, NotFound);
    for (selection, text) in
        [(two.both(), "By id"), (DeviceSelection::Filter(DeviceQuery::default()), "By filter")]
    {
        let action = DeviceAction::Set(noted(text));
        let edited = two.without(&kim, async |kim| kim.edit_devices(selection, action).await).await.unwrap();
        assert_eq!((edited.changed, edited.skipped), (1, 0), "{text}");
        assert_eq!(admin.device(two.devices[0]).await.unwrap().notes.as_deref(), Some(text));
    }
    let updated = two.without(&kim, async |kim| kim.update_device(before.id, None, noted("One")).await).await;
    assert_eq!(kind_of(updated).0, NotFound);
    let fields = vec![to(Name, "New"), to(Company, two.companies[1]), to(DeviceType, two.kind)];
    refused(two.without(&kim, async |kim| kim.create_device(fields).await).await);
    for subject in [of_company, of_device] {
        let add = async |kim: Tenant<Manage>| {
            kim.add_compliance_exception(Check::NoOwner, subject, because("Kiosk")).await
        };
        assert_eq!(kind_of(two.without(&kim, add).await).0, NotFound);
    }
    let change =
        async |kim: Tenant<Manage>| kim.change_compliance_exception(excepted.id, because("Lost"), None).await;
    assert_eq!(kind_of(two.without(&kim, change).await).0, NotFound);
    let remove = async |kim: Tenant<Manage>| kim.remove_compliance_exception(excepted.id).await;
    assert_eq!(kind_of(two.without(&kim, remove).await).0, NotFound);

    assert_eq!(admin.device(before.id).await.unwrap(), before);
    let query = ListQuery::default;
    assert_eq!(admin.devices(query(), DeviceFilter::default()).await.unwrap().total, 2);
    assert_eq!(admin.compliance_exceptions(query(), None, None).await.unwrap().items, [excepted]);
}

/// Also where a token of theirs was limited by itself: it is now by what both have in common.
async fn whoever_is_limited_by_now_is_refused(test: TestPortal) {
    let two = Two::of(&test).await;
    let signed_in = test.joins(&test.admin(), ROBIN, Role::Manage).await;
    let session = test.behind_cookie(&signed_in).await.expect("a session");
    let input = TokenInput {
        name: "Nightly".into(),
        role: Role::Manage.into(),
        days: None,
        companies: Some(two.companies.to_vec()),
    };
    let secret = test.portal.own(&session).unwrap().create_api_token(&session, input).await.unwrap().secret;
    let program = test.portal.authenticate_token(&secret, &Visitor::default()).await.unwrap();
    for session in [session, program.expect("a session")] {
        let robins: Tenant<Manage> = test.portal.scoped(&session, Area::Devices).unwrap();
        let edited = robins.edit_devices(two.both(), DeviceAction::Archive);
        assert_eq!(kind_of(two.behind(LIMIT, edited).await).0, Forbidden);
        let subject = SubjectInput { device: None, company: Some(two.companies[1]) };
        let added = robins.add_compliance_exception(Check::Offline, subject, because("Kiosk"));
        assert_eq!(kind_of(two.behind(LIMIT, added).await).0, Forbidden);
        let update = "UPDATE users SET restricted = FALSE WHERE email = $1";
        assert_eq!(test.execute(update, vec![ROBIN.into()]).await, 1);
    }
    let admin = test.admin();
    assert_eq!(admin.devices(ListQuery::default(), DeviceFilter::default()).await.unwrap().total, 2);
    assert_eq!(admin.compliance_exceptions(ListQuery::default(), None, None).await.unwrap().total, 0);
}
