//! A child process that cannot outlive us.
use std::{
    fs::File,
    os::unix::{fs::FileExt, process::CommandExt},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use crate::Result;

/// Runs "$@", and stops it with $1 as soon as standard input closes, which the kernel does for us
/// however this process ends; removes the folder $2 (when given) at the end.
const SUPERVISOR: &str = r#"
signal=$1 folder=$2; shift 2
trap '' INT HUP
exec 3<&0 </dev/null
"$@" 3<&- & child=$!
{
    cat <&3
    kill -s "$signal" "$child"
    tries=0
    while [ $tries -lt 150 ] && kill -0 "$child"; do sleep 0.1; tries=$((tries + 1)); done
    kill -s KILL "$child"
} >/dev/null 2>&1 &
exec 3<&-
wait "$child"; status=$?
[ -z "$folder" ] || rm -rf "$folder"
exit $status
"#;

/// A program that is stopped when this value is dropped, and also when this process is killed.
///
/// What it prints goes to a log file, where [`Supervised::wait_for`] looks for the line that says
/// it is ready.
pub struct Supervised {
    name: String,
    // Open, because a folder that is removed at the end may take the file's name with it.
    log: File,
    supervisor: Child,
}

impl Supervised {
    /// Starts `command` (program, arguments, environment and folder count); it is asked to stop
    /// with SIGTERM and gets 15 seconds for it. The log file is made anew.
    pub fn start(name: &str, command: &Command, log: &Path) -> Result<Self> {
        Self::with(name, command, log, "TERM", None)
    }

    /// The same with another stop signal, and with a folder that is removed at the end.
    pub(crate) fn with(
        name: &str,
        command: &Command,
        log: &Path,
        signal: &str,
        folder: Option<&Path>,
    ) -> Result<Self> {
        let cannot = |e: std::io::Error| format!("cannot start {name} with log {}: {e}", log.display());
        File::create(log).map_err(cannot)?;
        let open = || File::options().append(true).read(true).open(log).map_err(cannot);
        let mut sh = Command::new("sh");
        sh.args(["-c", SUPERVISOR, "supervisor", signal]).arg(folder.unwrap_or(Path::new("")));
        sh.arg(command.get_program()).args(command.get_args());
        for (key, value) in command.get_envs() {
            match value {
                Some(value) => sh.env(key, value),
                None => sh.env_remove(key),
            };
        }
        if let Some(dir) = command.get_current_dir() {
            sh.current_dir(dir);
        }
        // A group of its own: Ctrl-C in the terminal reaches us, and our end reaches the child.
        sh.process_group(0).stdin(Stdio::piped());
        let supervisor = sh.stdout(open()?).stderr(open()?).spawn().map_err(cannot)?;
        Ok(Self { name: name.to_owned(), log: open()?, supervisor })
    }

    /// Waits for a line with `marker` in the log, and gives what follows the marker in that line.
    pub fn wait_for(&mut self, marker: &str, patience: Duration) -> Result<String> {
        let started = Instant::now();
        loop {
            // Asked before the log is read: a program that ends may still print its line.
            let ended = self.supervisor.try_wait()?;
            let log = self.log_text();
            let complete = log.rfind('\n').map_or("", |end| &log[..end]);
            if let Some((_, rest)) = complete.lines().find_map(|line| line.split_once(marker)) {
                return Ok(rest.trim().to_owned());
            }
            if let Some(status) = ended {
                return Err(format!("{} ended ({status}):\n{}", self.name, last_lines(&log)).into());
            }
            if started.elapsed() > patience {
                let Self { name, .. } = self;
                return Err(format!(
                    "{name} did not say \"{marker}\" in {patience:?}:\n{}",
                    last_lines(&log)
                )
                .into());
            }
            sleep(Duration::from_millis(20));
        }
    }

    /// Asks the program to stop and waits until it has.
    pub fn stop(mut self) -> Result<ExitStatus> {
        self.close()
    }

    /// Whether the program still runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.supervisor.try_wait(), Ok(None))
    }

    /// What the program printed so far.
    pub fn log_text(&self) -> String {
        let length = self.log.metadata().map_or(0, |m| m.len());
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
        let read = self.log.read_at(&mut bytes, 0).unwrap_or(0);
        String::from_utf8_lossy(&bytes[..read]).into_owned()
    }

    fn close(&mut self) -> Result<ExitStatus> {
        drop(self.supervisor.stdin.take());
        Ok(self.supervisor.wait()?)
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        let _ = self.close();
    }
}

/// The end of a log: what a person needs to see why.
fn last_lines(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(15)..].join("\n")
}
