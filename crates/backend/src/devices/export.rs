//! The list as a CSV file: the rows under a filter, in the list's order, with the chosen columns. Their ids are read first, 16
//! bytes each, so that whoever reads slowly holds no connection; then the rows, some hundred at a time, as they are by then.

use super::list::Keys;
use crate::{
    Result, Tenant, audit,
    csv_files::{BOM, lines},
    tenant::Access,
};
use domain::{
    Time,
    device::{DeviceFilter, DeviceRow},
    device_list::{Columns, DeviceColumn},
    page::ListQuery,
};
use futures::{Stream, stream::try_unfold};
use serde_json::json;
use uuid::Uuid;

/// Rows of one piece.
const PAGE: usize = 500;

/// Where the export is.
struct Cursor<A: Access> {
    tenant: Tenant<A>,
    columns: Columns,
    ids: std::vec::IntoIter<Uuid>,
    begun: bool,
}

impl<A: Access> Tenant<A> {
    /// The devices of a list, as pieces of a CSV file (RFC 4180). A wrong filter is refused before the first byte.
    pub async fn export_devices(
        self,
        query: ListQuery,
        wanted: DeviceFilter,
        columns: Columns,
    ) -> Result<impl Stream<Item = Result<String>> + Send + 'static> {
        let Keys(ids) = self.device_keys(&query, &wanted).await?;
        audit::note_file(&self, "Devices", json!({ "devices": ids.len() })).await?;
        Ok(try_unfold(Cursor { tenant: self, columns, ids: ids.into_iter(), begun: false }, piece))
    }
}

/// The header first, then some rows at a time.
async fn piece<A: Access>(mut cursor: Cursor<A>) -> Result<Option<(String, Cursor<A>)>> {
    let ids: Vec<Uuid> = cursor.ids.by_ref().take(PAGE).collect();
    if ids.is_empty() && cursor.begun {
        return Ok(None);
    }
    let mut text = String::new();
    if !cursor.begun {
        text.push_str(BOM);
        text.push_str(&lines([header(&cursor.columns)])?);
        cursor.begun = true;
    }
    let rows = cursor.tenant.device_rows(&ids).await?;
    text.push_str(&lines(rows.iter().map(|row| cells(row, &cursor.columns)))?);
    Ok(Some((text, cursor)))
}

/// What the list shows in a second line of a cell has a column of its own; so has the hostname, below the name.
fn header(columns: &Columns) -> Vec<String> {
    let mut words: Vec<String> = in_order(columns).map(|column| column.to_string()).collect();
    words.insert(1, "hostname".to_owned());
    words
}

fn cells(row: &DeviceRow, columns: &Columns) -> Vec<String> {
    let mut cells: Vec<String> =
        in_order(columns).map(|column| cell(row, column).unwrap_or_default()).collect();
    cells.insert(1, row.hostname.clone().unwrap_or_default());
    cells
}

/// The columns of the file. The name is the first of them, always.
fn in_order(columns: &Columns) -> impl Iterator<Item = DeviceColumn> {
    columns.iter().flat_map(move |column| [Some(column), below(column, columns)]).flatten()
}

/// The column that the list shows below another one, unless it is shown by itself.
fn below(column: DeviceColumn, columns: &Columns) -> Option<DeviceColumn> {
    let other = match column {
        DeviceColumn::Company => DeviceColumn::Location,
        DeviceColumn::LastContact => DeviceColumn::LastUser,
        _ => return None,
    };
    (!columns.has(other)).then_some(other)
}

fn cell(row: &DeviceRow, column: DeviceColumn) -> Option<String> {
    match column {
        DeviceColumn::Name => Some(row.name.clone()),
        DeviceColumn::Company => Some(row.company.name.clone()),
        DeviceColumn::Location => row.location.as_ref().map(|l| l.name.clone()),
        DeviceColumn::Type => Some(row.device_type.name.clone()),
        DeviceColumn::Status => Some(row.status.to_string()),
        DeviceColumn::OsName => row.os_name.clone(),
        DeviceColumn::OsVersion => row.os_version.clone(),
        DeviceColumn::Serial => row.serial.clone(),
        DeviceColumn::AssetTag => row.asset_tag.clone(),
        DeviceColumn::Model => {
            let parts = [row.manufacturer.as_deref(), row.model.as_deref()];
            Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
        }
        DeviceColumn::Ip => row.ip.clone(),
        DeviceColumn::Mac => row.mac.clone(),
        DeviceColumn::LastContact => row.last_contact.map(stamp),
        DeviceColumn::LastUser => row.last_user.clone(),
        DeviceColumn::Owner => row.owner_name.clone(),
        DeviceColumn::Backup => Some(row.backup.to_string()),
        DeviceColumn::WarrantyEnd => row.warranty_end.map(|end| end.date_naive().to_string()),
        DeviceColumn::Source => row.source.clone(),
        DeviceColumn::CreatedAt => Some(stamp(row.created_at)),
    }
}

/// RFC 3339 in UTC, to the second.
fn stamp(time: Time) -> String {
    time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}
