//! Backup sizes and jobs, which follow from a device's salt.

use crate::clock::{DAY, SECOND, parse_date};
use crate::device::Device;
use crate::filter::{BadFilter, Clause, Op, parse};
use crate::json::Obj;
use crate::query::Query;
use crate::rng::uuid;

/// Whether a backup plan covers the device.
pub(crate) fn is_covered(device: &Device) -> bool {
    device.family().has_agent() && device.rng(20).chance(if device.is_server() { 65 } else { 12 })
}

/// Writes `backupUsage`. NinjaOne: every device has one, all zeros without a plan; the times of the last jobs are
/// there only when asked for (`times`).
pub(crate) fn write_usage(out: &mut String, device: &Device, times: bool) {
    let mut rng = device.rng(21);
    let covered = i64::from(is_covered(device));
    let cloud = covered * rng.between(5, 900) * 1_073_741_824 + covered * 52_428_800;
    let local = covered * i64::from(rng.chance(40)) * rng.between(5, 900) * 1_073_741_824;
    let image = if rng.chance(60) { cloud } else { 0 };
    let mut obj = Obj::new(out);
    obj.int("revisionsCurrentSize", cloud).int("revisionsPreviousSize", 0).int("revisionsDeletedSize", 0);
    obj.int("localFileFolderSize", 0).int("localImageSize", local).int("localImageV2Size", 0);
    obj.int("cloudFileFolderSize", cloud - image).int("cloudImageSize", 0).int("cloudImageV2Size", image);
    obj.int("cloudNetworkShareSize", 0);
    if times {
        let all = jobs(device);
        let last = |status| all.iter().find(|job| job.status == status).map(|job| job.start + 1200 * SECOND);
        for (key, time) in
            [("lastSuccessfulBackupJob", last("COMPLETED")), ("lastFailedBackupJob", last("FAILED"))]
        {
            if let Some(time) = time {
                obj.time(key, time);
            }
        }
    }
    obj.int("revisionsTotalSize", cloud).int("cloudTotalSize", cloud).int("localTotalSize", local).end();
}

/// One run of a backup plan.
#[derive(Debug)]
pub(crate) struct Job {
    number: u64,
    start: i64,
    status: &'static str,
    plan: &'static str,
}

/// The jobs of a device, newest first.
pub(crate) fn jobs(device: &Device) -> Vec<Job> {
    if !is_covered(device) {
        return Vec::new();
    }
    let mut rng = device.rng(22);
    let plan = if rng.chance(70) { "IMAGE" } else { "FILE_FOLDER" };
    (0..1 + rng.below(4))
        .map(|number| {
            let status = match rng.below(20) {
                0 if number == 0 => "RUNNING",
                1 | 2 => "FAILED",
                3 => "CANCELED",
                _ => "COMPLETED",
            };
            Job { number, start: device.anchor - (number as i64 * DAY + 7200) * SECOND, status, plan }
        })
        .collect()
}

/// Writes a row of `/v2/backup/jobs`.
pub(crate) fn write_job(out: &mut String, device: &Device, job: &Job) {
    let id = |salt| uuid(device.salt, salt);
    let done = job.status == "COMPLETED";
    let mut obj = Obj::new(out);
    obj.text("jobId", &id(100 + job.number)).time("jobStartTime", job.start);
    if job.status != "RUNNING" {
        obj.time("jobEndTime", job.start + 1200 * SECOND);
    }
    obj.text("jobStatus", job.status).text("destination", "CLOUD").text("planGuid", &id(50));
    obj.text("planName", if job.plan == "IMAGE" { "Image daily" } else { "Documents" })
        .text("planType", job.plan);
    obj.int("totalActualStorageBytes", if done { 136_559_194_112 } else { 0 });
    obj.int("totalStoredBytes", if done { 52_428_800 } else { 0 })
        .int("filesUploaded", if done { 12 } else { 0 });
    obj.int("organizationId", device.org).int_opt("locationId", device.loc).int("deviceId", device.id).end();
}

/// Which jobs a request wants: `sf`, `ptf` and `stf`.
#[derive(Debug, Default)]
pub(crate) struct JobFilter(Vec<JobCondition>);

#[derive(Debug)]
enum JobCondition {
    Status(bool, Vec<String>),
    Plan(bool, Vec<String>),
    /// Started in a span of microseconds, ends included.
    Start(i64, i64),
}

impl JobFilter {
    /// From the query of a request.
    pub fn of(query: &Query) -> Result<Self, BadFilter> {
        let mut all = Vec::new();
        for key in ["sf", "ptf", "stf"] {
            for clause in parse(query.get(key).unwrap_or_default())? {
                all.push(JobCondition::new(&clause)?);
            }
        }
        Ok(Self(all))
    }

    /// Whether a job is wanted.
    pub fn matches(&self, job: &Job) -> bool {
        self.0.iter().all(|condition| match condition {
            JobCondition::Status(not, words) => {
                words.iter().any(|w| w.eq_ignore_ascii_case(job.status)) != *not
            }
            JobCondition::Plan(not, words) => words.iter().any(|w| w.eq_ignore_ascii_case(job.plan)) != *not,
            JobCondition::Start(from, to) => (*from..=*to).contains(&job.start),
        })
    }
}

impl JobCondition {
    fn new(clause: &Clause) -> Result<Self, BadFilter> {
        let words = || (clause.op.negates(), clause.values.clone());
        let time =
            |n: usize| clause.values.get(n).and_then(|v| parse_date(v)).map(|s| s * SECOND).ok_or(BadFilter);
        match (clause.key.as_str(), clause.op) {
            ("status", Op::Eq | Op::Ne | Op::In | Op::NotIn) => Ok(Self::Status(words().0, words().1)),
            ("plantype", Op::Eq | Op::Ne | Op::In | Op::NotIn) => Ok(Self::Plan(words().0, words().1)),
            ("starttime", Op::After) => Ok(Self::Start(time(0)? + 1, i64::MAX)),
            ("starttime", Op::Before) => Ok(Self::Start(i64::MIN, time(0)? - 1)),
            ("starttime", Op::Between) => Ok(Self::Start(time(0)?, time(1)?)),
            _ => Err(BadFilter),
        }
    }
}
