//! Reports: what each one says about a device.

use crate::backup::{self, JobFilter};
use crate::clock::SECOND;
use crate::custom_fields::Wanted;
use crate::device::Device;
use crate::hardware;
use crate::json::Obj;
use crate::network;
use crate::references::Expand;
use crate::render;
use crate::rows::Rows;
use crate::world::World;

/// The reports, one for each address that answers `{cursor, results}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Report {
    LoggedOnUsers,
    OperatingSystems,
    ComputerSystems,
    DeviceHealth,
    NetworkInterfaces,
    BackupUsage,
    BackupJobs,
    /// Of organizations, not of devices.
    ScopedCustomFields,
}

impl Report {
    /// The report at a path.
    pub fn at(path: &str) -> Option<Self> {
        Some(match path {
            "/v2/queries/logged-on-users" => Self::LoggedOnUsers,
            "/v2/queries/operating-systems" => Self::OperatingSystems,
            "/v2/queries/computer-systems" => Self::ComputerSystems,
            "/v2/queries/device-health" => Self::DeviceHealth,
            "/v2/queries/network-interfaces" => Self::NetworkInterfaces,
            "/v2/queries/backup/usage" => Self::BackupUsage,
            "/v2/backup/jobs" => Self::BackupJobs,
            "/v2/queries/scoped-custom-fields" => Self::ScopedCustomFields,
            _ => return None,
        })
    }

    /// Whether it needs the backup module.
    pub fn is_backup(self) -> bool {
        matches!(self, Self::BackupUsage | Self::BackupJobs)
    }

    /// Whether it names devices that the lists hide. NinjaOne: health and backup do.
    pub fn shows_every_status(self) -> bool {
        self.is_backup() || self == Self::DeviceHealth
    }

    /// Page size when none is asked for. NinjaOne: documented for logged-on-users and backup jobs.
    pub fn default_size(self) -> i64 {
        if self == Self::BackupJobs { 10_000 } else { 1000 }
    }

    /// How many rows it has for a device.
    pub fn count(self, device: &Device, jobs: &JobFilter) -> usize {
        let family = device.family();
        match self {
            Self::LoggedOnUsers => hardware::last_user(device).iter().len(),
            Self::OperatingSystems | Self::ComputerSystems => usize::from(family.has_system()),
            Self::DeviceHealth | Self::BackupUsage => 1,
            Self::NetworkInterfaces if network::has_interfaces(device) => network::macs(device).len(),
            Self::NetworkInterfaces | Self::ScopedCustomFields => 0,
            Self::BackupJobs => backup::jobs(device).iter().filter(|job| jobs.matches(job)).count(),
        }
    }

    /// Writes the rows of a device; for backup jobs only those from number `skip` on, and no more than `room`.
    pub fn write(
        self,
        rows: &mut Rows,
        world: &World,
        device: &Device,
        detail: &Detail,
        skip: usize,
        room: usize,
    ) {
        match self {
            Self::LoggedOnUsers => {
                if let Some(user) = hardware::last_user(device) {
                    rows.push(|out| write_user(out, &user, Some(device.id)));
                }
            }
            Self::OperatingSystems => rows.push(|out| row(out, device, hardware::write_os)),
            Self::ComputerSystems => rows.push(|out| row(out, device, hardware::write_system)),
            Self::DeviceHealth => rows.push(|out| health(out, device)),
            Self::NetworkInterfaces => network::interfaces(device, true, |write| rows.push(|out| write(out))),
            Self::BackupUsage => {
                let expand = Expand::backup(detail.times);
                rows.push(|out| render::short(out, world, device, expand));
            }
            Self::BackupJobs => {
                let all = backup::jobs(device);
                for job in all.iter().filter(|job| detail.jobs.matches(job)).skip(skip).take(room) {
                    rows.push(|out| backup::write_job(out, device, job));
                }
            }
            Self::ScopedCustomFields => {}
        }
    }
}

/// What else a request for a report said.
#[derive(Debug, Default)]
pub(crate) struct Detail {
    /// `includeLastBackupJobTimes`.
    pub times: bool,
    /// `sf`, `ptf`, `stf`.
    pub jobs: JobFilter,
    /// `scopes`, `fields`.
    pub fields: Wanted,
}

/// Writes `userName` and `logonTime`, in reports with the device.
pub(crate) fn write_user(out: &mut String, (name, time): &(String, i64), device: Option<i64>) {
    Obj::new(out).text("userName", name).time("logonTime", *time).int_opt("deviceId", device).end();
}

/// A row of those reports that repeat a part of the long device row.
fn row(out: &mut String, device: &Device, write: fn(&Device, &mut Obj)) {
    let mut obj = Obj::new(out);
    write(device, &mut obj);
    obj.int("deviceId", device.id).time("timestamp", device.update / SECOND * SECOND).end();
}

/// A row of the health report.
fn health(out: &mut String, device: &Device) {
    let mut rng = device.rng(30);
    let status = match rng.below(10) {
        _ if device.offline => "NEEDS_ATTENTION",
        0 => "UNHEALTHY",
        1 => "NEEDS_ATTENTION",
        2 => "UNKNOWN",
        _ => "HEALTHY",
    };
    let mut obj = Obj::new(out);
    obj.int("activeThreatsCount", 0).int("quarantinedThreatsCount", 0).int("blockedThreatsCount", 0);
    obj.int("failedOSPatchesCount", 0).int("pendingOSPatchesCount", rng.between(0, 9)).int("alertCount", 0);
    obj.int("activeJobCount", 0).int("failedSoftwarePatchesCount", 0).int("pendingSoftwarePatchesCount", 0);
    obj.raw("productsInstallationStatuses", "{}").bool("offline", device.offline);
    obj.int_opt("parentDeviceId", device.parent).bool("parentOffline", false).text("healthStatus", status);
    obj.int("installationIssuesCount", 0).int("deviceId", device.id).end();
}
