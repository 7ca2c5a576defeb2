//! What happened to a device: edits of people, changes of syncs, imports.

use crate::{
    Error, Result, Tenant,
    clock::time,
    runs::{
        self, Reader,
        packs::{self, Packed},
    },
    scope::{ELSEWHERE, Names},
    sql::{self, Params},
    tenant::Access,
};
use domain::{
    device::DeviceRef,
    device_edit::{HistoryEntry, HistoryKind, HistoryRun},
    error::UserError,
    ids::{DeviceId, IntegrationId},
    page::{ListQuery, Listing},
    run::RunKind,
};
use sea_orm::FromQueryResult;
use std::{
    collections::{BTreeSet, HashMap},
    str::FromStr,
};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    kind: String,
    at: i64,
    by_name: Option<String>,
    run_id: Option<Uuid>,
    integration_id: Option<Uuid>,
    run_kind: Option<String>,
    fields: String,
    edit_id: Option<Uuid>,
    undone: bool,
}

/// Edits of the device; what runs did with the row that feeds it, or fed it then, is found run by run, by their keys.
/// A feed begins where the device's own or another device's by the same row ended.
const ENTRIES: &str = "
    WITH feeds AS (
        SELECT p.integration_id, p.remote_id, p.until_at, COALESCE((SELECT max(q.until_at) FROM device_past_feeds q
            WHERE (q.device_id = p.device_id OR q.integration_id = p.integration_id AND q.remote_id = p.remote_id)
                AND q.until_at < p.until_at), 0) AS since
        FROM device_past_feeds p WHERE p.device_id = $2 AND p.tenant_id = $1
        UNION ALL
        SELECT d.integration_id, d.remote_id, 9223372036854775807, COALESCE((SELECT max(q.until_at) FROM device_past_feeds q
            WHERE q.device_id = d.id OR q.integration_id = d.integration_id AND q.remote_id = d.remote_id), 0)
        FROM devices d WHERE d.id = $2 AND d.tenant_id = $1 AND d.integration_id IS NOT NULL
    )
    SELECT e.kind, h.at, e.user_name AS by_name, CAST(NULL AS {uuid}) AS run_id, CAST(NULL AS {uuid}) AS integration_id,
        CAST(NULL AS text) AS run_kind, h.fields, CASE WHEN TRUE{within} THEN e.id END AS edit_id, e.undone_at IS NOT NULL AS undone, 1 AS place
    FROM device_history h JOIN device_edits e ON e.id = h.edit_id
    WHERE h.device_id = $2 AND h.tenant_id = $1
    UNION ALL
    SELECT c.change, COALESCE(u.finished_at, u.started_at, u.created_at), NULL, u.id, u.integration_id, u.kind, c.fields,
        CAST(NULL AS {uuid}), FALSE, 0
    FROM feeds f JOIN runs u ON u.integration_id = f.integration_id AND u.tenant_id = $1
        AND u.created_at >= f.since AND u.created_at < f.until_at
    JOIN run_changes c ON c.run_id = u.id AND c.entity = 'device' AND c.remote_id = f.remote_id
    UNION ALL
    SELECT 'added', COALESCE(u.finished_at, u.started_at, u.created_at), NULL, u.id, u.integration_id, u.kind, '[]',
        CAST(NULL AS {uuid}), FALSE, 0
    FROM feeds f JOIN runs u ON u.integration_id = f.integration_id AND u.tenant_id = $1
        AND u.created_at >= f.since AND u.created_at < f.until_at
    {added}
    UNION ALL
    SELECT CASE i.outcome WHEN 'linked' THEN 'linked' ELSE 'imported' END,
        COALESCE(u.finished_at, u.started_at, u.created_at), u.user_name, u.id, u.integration_id, u.kind, COALESCE(i.fields, '[]'),
        CAST(NULL AS {uuid}), FALSE, 0
    FROM feeds f JOIN runs u ON u.integration_id = f.integration_id AND u.tenant_id = $1 AND u.kind = 'import'
        AND u.created_at >= f.since AND u.created_at < f.until_at
    JOIN import_results i ON i.run_id = u.id AND i.remote_id = f.remote_id AND i.outcome IN ('created', 'linked')
    UNION ALL
    SELECT 'imported', COALESCE(u.finished_at, u.started_at, u.created_at), u.user_name, u.id, u.integration_id, u.kind, '[]',
        CAST(NULL AS {uuid}), FALSE, 0
    FROM feeds f JOIN runs u ON u.integration_id = f.integration_id AND u.tenant_id = $1 AND u.kind = 'import'
        AND u.created_at >= f.since AND u.created_at < f.until_at
    {created}";

impl<A: Access> Tenant<A> {
    /// The history of a device, newest first. What syncs changed goes back as far as changes are kept.
    pub async fn device_history(&self, id: DeviceId, query: ListQuery) -> Result<Listing<HistoryEntry>> {
        let window = query.window()?;
        let p = || Params(vec![self.id().into(), id.0.into()]);
        let there = format!(
            "SELECT count(*) AS n FROM devices d WHERE d.tenant_id = $1 AND d.id = $2{}",
            self.within("d.company_id")
        );
        if sql::count(self.db(), &there, p().0).await? == 0 {
            return Err(UserError::not_found("device").into());
        }
        // An edit that also touched devices outside is not theirs to take back.
        let packed = |what| packs::holding(self.db(), what, "u.id", "f.remote_id");
        let entries = sql::typed(self.db(), ENTRIES)
            .replace("{within}", &self.edits_within("e.id"))
            .replace("{added}", &packed(Packed::Added))
            .replace("{created}", &packed(Packed::Created));
        let total =
            sql::count(self.db(), &format!("SELECT count(*) AS n FROM ({entries}) AS h"), p().0).await?;
        let select = format!(
            "SELECT * FROM ({entries}) AS h ORDER BY at DESC, place DESC, edit_id DESC, kind LIMIT {} OFFSET {}",
            window.size,
            window.offset()
        );
        let rows: Vec<Row> = sql::all(self.db(), &select, p().0).await?;
        let mut entries: Vec<HistoryEntry> = rows.into_iter().map(view).collect::<Result<_>>()?;
        self.name_places(&mut entries).await?;
        self.name_others(id, &mut entries).await?;
        let names = Names::of(self, entries.iter().flat_map(|entry| &entry.fields)).await?;
        for entry in &mut entries {
            let by_run = entry.run.is_some();
            let fields = std::mem::take(&mut entry.fields).into_iter();
            entry.fields = fields.map(|field| names.mask(field, by_run)).collect();
        }
        Ok(Listing::new(entries, total, window))
    }
}

/// What a merge did to two devices.
const OF_TWO: [HistoryKind; 3] = [HistoryKind::Merged, HistoryKind::Unmerged, HistoryKind::Exchanged];

impl<A: Access> Tenant<A> {
    /// The other device of each merge, as it is called now: its history has the name of that time.
    async fn name_others(&self, id: DeviceId, entries: &mut [HistoryEntry]) -> Result<()> {
        #[derive(FromQueryResult)]
        struct Other {
            edit_id: Uuid,
            id: Uuid,
            name: String,
        }
        let merge = |entry: &HistoryEntry| entry.edit.filter(|_| OF_TWO.contains(&entry.kind));
        let edits: Vec<Uuid> = entries.iter().filter_map(merge).map(|edit| edit.0).collect();
        if edits.is_empty() {
            return Ok(());
        }
        let mut p = Params(vec![self.id().into(), id.0.into()]);
        let select = format!(
            "SELECT h.edit_id, d.id, d.name FROM device_history h
             JOIN devices d ON d.id = h.device_id AND d.tenant_id = h.tenant_id
             WHERE h.tenant_id = $1 AND h.device_id <> $2 AND h.edit_id IN ({}){}",
            p.list(edits),
            self.within("d.company_id")
        );
        let found: Vec<Other> = sql::all(self.db(), &select, p.0).await?;
        let named = |other: Other| (other.edit_id, DeviceRef { id: other.id.into(), name: other.name });
        let others: HashMap<Uuid, DeviceRef> = found.into_iter().map(named).collect();
        for entry in entries {
            entry.other = merge(entry).and_then(|edit| others.get(&edit.0).cloned());
        }
        Ok(())
    }

    /// Names in place of the vendor's ids, in what runs changed. Those who are limited to some companies are told neither of what
    /// is not theirs; the line stays.
    async fn name_places(&self, entries: &mut [HistoryEntry]) -> Result<()> {
        let of = |entry: &HistoryEntry| entry.run.as_ref().map(|run| run.integration_id);
        let integrations: BTreeSet<IntegrationId> = entries.iter().filter_map(of).collect();
        let reader = Reader {
            within: [self.organization_within("x"), self.staged_within("x")],
            unknown: self.is_limited().then_some(ELSEWHERE),
        };
        for integration in integrations {
            let told = entries.iter_mut().filter(|entry| of(entry) == Some(integration));
            let fields = told.flat_map(|entry| &mut entry.fields);
            runs::name_places_for(self.db(), (self.id(), integration.0), fields, &reader).await?;
        }
        Ok(())
    }
}

fn view(row: Row) -> Result<HistoryEntry> {
    let run = match (row.run_id, row.integration_id, row.run_kind) {
        (Some(id), Some(integration), Some(kind)) => Some(HistoryRun {
            id: id.into(),
            integration_id: integration.into(),
            kind: RunKind::from_str(&kind).map_err(Error::internal)?,
        }),
        _ => None,
    };
    Ok(HistoryEntry {
        kind: HistoryKind::from_str(&row.kind).map_err(Error::internal)?,
        at: time(row.at),
        by: row.by_name,
        run,
        fields: serde_json::from_str(&row.fields).map_err(Error::internal)?,
        edit: row.edit_id.map(Into::into),
        undone: row.undone,
        other: None,
    })
}
