//! How a type of the wire appears in the document: by reference when it has a name, in place when it has none.

use domain::{
    api_token::{ApiToken, NewApiToken},
    audit::{AuditAction, AuditCheck, AuditEvent, AuditKind},
    company::{Company, DeviceType, Location},
    company_links::{CompanyLinkCounts, CompanyLinks},
    company_overview::{CompanyEvent, CompanyMerge, CompanyOverview, CompanyUnmerge, LocationOverview},
    compliance::{
        Age, Check, CompanyReport, CompanyScore, ComplianceException, ComplianceRules, DeviceFinding,
        DeviceStanding, FleetPulse, Outcome, ReportSummary, Rule, TrendPoint,
    },
    csv_import::ImportReport,
    decision::{Decided, DecisionRow, MappingDecision, MappingSelection, MappingSubject},
    device::{BackupState, DeviceDetail, DeviceRow, DeviceStatus, RawDevice, SourceRef},
    device_edit::{DeviceAction, DeviceEdit, DeviceField, DeviceSelection, Edited, FieldValue, HistoryEntry},
    device_list::{ArchivedFilter, LocationFilter, SerialFilter, SupportFilter, WarrantyFilter},
    duplicates::{DuplicateComparison, DuplicateCounts, DuplicatePair, DuplicateState},
    error::UserError,
    ids::{
        ApiTokenId, CompanyId, DecisionId, DeviceId, DeviceTypeId, DuplicateId, EditId, ExceptionId,
        IntegrationId, InvitationId, LocationId, QuestionId, RoleId, RunId, SessionId, UserId, ViewId,
    },
    import::{
        ImportOutcome, ImportResult, ImportSelection, SameChoice, StagedCounts, StagedDevice, StagedStatus,
    },
    integration::{DeletedCounts, DeviceFate, Integration},
    mapping::{
        LocationChoice, MappingStatus, NodeClassMatchResult, NodeClassRow, OrganizationChoice,
        OrganizationRow, QuickMatchPreview, QuickMatchResult, RemoteLocationRow, StatusCounts,
    },
    os::OsFamily,
    page::Listing,
    permissions::Permissions,
    roles::{RoleRef, RoleView},
    run::{
        Change, ChangeCount, ChangeKind, Decision, Question, QuestionState, Run, RunError, RunKind, RunState,
    },
    session::{Me, PortalState, SecondFactor, SecondFactorSetup, SessionView},
    users::{LinkState, Member, MemberState, UserCompanies, UserLink, UserRules},
    vendor::{ConnectionTest, VendorInfo},
    view::SavedView,
    why::Why,
};
use std::collections::BTreeMap;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Ref, RefOr, Schema,
        schema::{ArrayBuilder, ObjectBuilder, OneOfBuilder, Type},
    },
};

/// Named schemas.
pub type Schemas = BTreeMap<String, RefOr<Schema>>;

/// A type as it stands in an argument or an answer.
pub trait Shape {
    /// Whether an argument of this type has to be there.
    const REQUIRED: bool = true;
    /// The schema, or the reference to it.
    fn shape() -> RefOr<Schema>;
    /// The same, or null.
    fn nullable() -> RefOr<Schema>;
    /// Adds the schemas that [`Shape::shape`] refers to.
    fn collect(into: &mut Schemas);
    /// Whether the text of a query can be such a value; types that stand in bodies only are not asked.
    fn reads(_text: &str) -> bool {
        true
    }
}

macro_rules! in_place {
    ($($type:ty),+ $(,)?) => {$(
        impl Shape for $type {
            fn shape() -> RefOr<Schema> {
                <$type as PartialSchema>::schema()
            }

            fn nullable() -> RefOr<Schema> {
                <Option<$type> as PartialSchema>::schema()
            }

            fn collect(_into: &mut Schemas) {}

            fn reads(text: &str) -> bool {
                text.parse::<$type>().is_ok()
            }
        }
    )+};
}

macro_rules! by_reference {
    ($reads:expr; $($type:ty),+ $(,)?) => {$(
        impl Shape for $type {
            fn shape() -> RefOr<Schema> {
                Ref::from_schema_name(<$type as ToSchema>::name()).into()
            }

            fn nullable() -> RefOr<Schema> {
                or_null(Self::shape())
            }

            fn collect(into: &mut Schemas) {
                let mut below = Vec::new();
                <$type as ToSchema>::schemas(&mut below);
                into.extend(below);
                into.insert(<$type as ToSchema>::name().into_owned(), <$type as PartialSchema>::schema());
            }

            fn reads(text: &str) -> bool {
                let reads: fn(&str) -> bool = $reads;
                reads(text)
            }
        }
    )+};
}

in_place!(bool, f64, i64, u32, String);
by_reference!(|text| text.parse::<Self>().is_ok(); CompanyId, DeviceId, DeviceTypeId, IntegrationId, LocationId, RunId, QuestionId, DecisionId, ViewId, MappingSubject);
by_reference!(|text| text.parse::<Self>().is_ok(); ChangeKind, Decision, QuestionState, RunKind, RunState, SameChoice);
by_reference!(|text| text.parse::<Self>().is_ok(); BackupState, DeviceStatus, ImportOutcome, MappingStatus, StagedStatus);
by_reference!(|text| text.parse::<Self>().is_ok(); Age, Check, ExceptionId, Outcome);
by_reference!(|_| true; CompanyReport, CompanyScore, ComplianceException, ComplianceRules, DeviceFinding, DeviceStanding, FleetPulse);
by_reference!(|_| true; ReportSummary, Rule, TrendPoint);
by_reference!(|text| text.parse::<Self>().is_ok(); ArchivedFilter, LocationFilter, OsFamily, SerialFilter, SupportFilter, WarrantyFilter);
by_reference!(|_| true; RawDevice, SavedView, SourceRef);
by_reference!(|text| text.parse::<Self>().is_ok(); SessionId, UserId);
by_reference!(|text| text.parse::<Self>().is_ok(); ApiTokenId, InvitationId, MemberState, RoleId, RoleRef);
by_reference!(|_| true; Permissions, RoleView);
by_reference!(|_| true; ApiToken, LinkState, Member, NewApiToken, UserCompanies, UserLink, UserRules);
by_reference!(|_| true; SecondFactor, SecondFactorSetup, SessionView);
by_reference!(|_| true; Company, DeviceType, Location, ImportReport, Me, PortalState, UserError, DeviceDetail, DeviceRow);
by_reference!(|_| true; ImportResult, ImportSelection, StagedCounts, StagedDevice, ConnectionTest, DeletedCounts);
by_reference!(|_| true; DeviceFate, Integration, VendorInfo, Change, Run, LocationChoice, NodeClassMatchResult);
by_reference!(|_| true; NodeClassRow, OrganizationChoice, OrganizationRow, QuickMatchResult, RemoteLocationRow);
by_reference!(|text| text.parse::<Self>().is_ok(); EditId, DeviceField);
by_reference!(|_| true; DeviceAction, DeviceEdit, DeviceSelection, Edited, FieldValue, HistoryEntry);
by_reference!(|_| true; CompanyLinkCounts, CompanyLinks, Decided, DecisionRow, MappingDecision, MappingSelection, QuickMatchPreview, StatusCounts, ChangeCount, RunError, Question);
by_reference!(|text| text.parse::<Self>().is_ok(); DuplicateId, DuplicateState);
by_reference!(|_| true; DuplicateComparison, DuplicateCounts, DuplicatePair);
by_reference!(|text| text.parse::<Self>().is_ok(); AuditAction, AuditKind);
by_reference!(|_| true; AuditCheck, AuditEvent);
by_reference!(|_| true; Why, CompanyEvent, CompanyMerge, CompanyOverview, CompanyUnmerge, LocationOverview);

fn or_null(schema: RefOr<Schema>) -> RefOr<Schema> {
    let null = ObjectBuilder::new().schema_type(Type::Null);
    OneOfBuilder::new().item(null).item(schema).into()
}

impl<T: Shape> Shape for Option<T> {
    const REQUIRED: bool = false;

    fn shape() -> RefOr<Schema> {
        T::shape()
    }

    fn nullable() -> RefOr<Schema> {
        T::nullable()
    }

    fn collect(into: &mut Schemas) {
        T::collect(into);
    }

    fn reads(text: &str) -> bool {
        text.is_empty() || T::reads(text)
    }
}

impl<T: Shape> Shape for Vec<T> {
    fn shape() -> RefOr<Schema> {
        ArrayBuilder::new().items(T::shape()).into()
    }

    fn nullable() -> RefOr<Schema> {
        or_null(Self::shape())
    }

    fn collect(into: &mut Schemas) {
        T::collect(into);
    }
}

impl<T: Shape + ToSchema> Shape for Listing<T> {
    fn shape() -> RefOr<Schema> {
        Ref::from_schema_name(listing::<T>()).into()
    }

    fn nullable() -> RefOr<Schema> {
        or_null(Self::shape())
    }

    fn collect(into: &mut Schemas) {
        T::collect(into);
        into.insert(listing::<T>(), <Self as PartialSchema>::schema());
    }
}

fn listing<T: ToSchema>() -> String {
    format!("Listing_{}", T::name())
}

/// An answer without content.
impl Shape for () {
    fn shape() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::Null).into()
    }

    fn nullable() -> RefOr<Schema> {
        Self::shape()
    }

    fn collect(_into: &mut Schemas) {}
}
