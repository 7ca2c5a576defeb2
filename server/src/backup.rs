//! `msportal backup` and `restore`: a SQLite database to a file, while servers work, and back, while none does.

use crate::{
    cli::{BackupArgs, RestoreArgs, StorageArgs},
    serve::{config, master_key, say},
};
use backend::{
    Config,
    db::{self, LetIn, Schema},
    vault::{self, Operator},
};
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

/// Copies the database, and looks whether the copy is whole.
pub async fn backup(args: &BackupArgs) -> Result<(), String> {
    let config = config(&args.storage)?;
    let database = database_file(&config, "pg_dump")?;
    if !database.exists() {
        return Err(format!("there is no database at {}", database.display()));
    }
    refuse_existing(&args.file)?;
    let (ring, ring_copy) = (config.data_dir.join("keyring.json"), beside(&args.file, ".keyring.json"));
    if args.with_keyring {
        refuse_existing(&ring_copy)?;
        check_keyring(&ring, &args.storage)?;
    }
    let draft = beside(&args.file, ".part");
    let copied = copy_whole(&config, &draft).await;
    let done =
        copied.and_then(|()| fs::rename(&draft, &args.file).map_err(|e| cannot("write", &args.file, &e)));
    if done.is_err() {
        _ = fs::remove_file(&draft);
    }
    done?;
    if args.with_keyring {
        copy_private(&ring, &ring_copy).map_err(|e| cannot("copy the keyring to", &ring_copy, &e))?;
    }
    print_line!("saved {}", args.file.display());
    Ok(())
}

/// Looks, before anything is saved, whether there is a keyring to copy.
fn check_keyring(ring: &Path, storage: &StorageArgs) -> Result<(), String> {
    if master_key(storage)?.is_some() {
        return Err("nothing was saved: the master key is that of the environment, and no keyring belongs to it. Leave \
             --with-keyring out, and keep the key elsewhere"
            .into());
    }
    vault::inspect(ring).map_err(|e| say("nothing was saved", &e))
}

async fn copy_whole(config: &Config, draft: &Path) -> Result<(), String> {
    if draft.exists() {
        fs::remove_file(draft).map_err(|e| cannot("replace", draft, &e))?;
    }
    let file = new_private(draft).map_err(|e| cannot("write", draft, &e))?;
    db::copy_while_in_use(&config.url(), draft)
        .await
        .map_err(|e| say("the database could not be copied", &e))?;
    file.sync_all().map_err(|e| cannot("write", draft, &e))?;
    db::inspect(draft).await.map(drop).map_err(|e| say("the copy is of no use", &e))
}

/// Puts a copy back in place of what is there, which is kept beside it. Whatever may be wrong with the copy is found before.
pub async fn restore(args: &RestoreArgs) -> Result<(), String> {
    let config = config(&args.storage)?;
    let database = database_file(&config, "pg_restore")?;
    let ring_copy = args.with_keyring.then(|| beside(&args.file, ".keyring.json"));
    let schema = look_through(&args.file, ring_copy.as_deref()).await?;
    let folder = database.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|e| cannot("make", folder, &e))?;
    let lock = db::hold_alone(&database).map_err(|e| say(NOTHING, &e))?;
    if database.exists() && !args.force {
        return Err(format!(
            "{NOTHING}: {} exists. With --force it is replaced, and kept beside the new one",
            database.display()
        ));
    }
    let ring = config.data_dir.join("keyring.json");
    let drafts = Drafts { database: beside(&database, ".restoring"), ring: beside(&ring, ".restoring") };
    let let_in = drafts.prepare(&args.file, ring_copy.as_deref()).await.inspect_err(|_| drafts.clear())?;
    put_in_place(&drafts.database, &database).await.inspect_err(|_| drafts.clear())?;
    if ring_copy.is_some() {
        put_ring_in_place(&drafts.ring, &ring).map_err(|e| cannot("put back", &ring, &e))?;
    }
    tell_ways_in(&let_in);
    print_line!("restored {}", database.display());
    drop(lock);
    if schema == Schema::Current { tell_vault(&config, &args.storage).await } else { Ok(()) }
}

const NOTHING: &str = "nothing was restored";

/// Whether the files of a backup are what they should be; answers whose schema the database has.
async fn look_through(file: &Path, ring: Option<&Path>) -> Result<Schema, String> {
    let schema = db::inspect(file).await.map_err(|e| say(NOTHING, &e))?;
    if schema == Schema::Newer {
        return Err(format!("{NOTHING}: the file is from a newer msportal than this one"));
    }
    if let Some(ring) = ring {
        vault::inspect(ring).map_err(|e| say(NOTHING, &e))?;
    }
    Ok(schema)
}

/// What is put in place, beside the place.
struct Drafts {
    database: PathBuf,
    ring: PathBuf,
}

impl Drafts {
    /// Makes them: a database that lets nobody in by what was revoked since, and the keyring, if it is to be put back.
    async fn prepare(&self, file: &Path, ring: Option<&Path>) -> Result<LetIn, String> {
        let Self { database, ring: ring_draft } = self;
        remove(database).map_err(|e| cannot("replace", database, &e))?;
        copy_private(file, database).map_err(|e| cannot("write", database, &e))?;
        let ended = db::end_ways_in(database).await;
        let let_in = ended.map_err(|e| say(&format!("{NOTHING}: sessions could not be ended"), &e))?;
        if let Some(ring) = ring {
            remove(ring_draft).map_err(|e| cannot("replace", ring_draft, &e))?;
            copy_private(ring, ring_draft).map_err(|e| cannot("write", ring_draft, &e))?;
        }
        Ok(let_in)
    }

    fn clear(&self) {
        _ = remove(&self.database);
        _ = remove(&self.ring);
    }
}

/// Removes a file and what SQLite keeps beside it, where they are.
fn remove(file: &Path) -> io::Result<()> {
    for end in ["", "-wal", "-shm"] {
        match fs::remove_file(beside(file, end)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

async fn put_in_place(draft: &Path, database: &Path) -> Result<(), String> {
    if database.exists() {
        // Where it is damaged this fails, and what stands in the log is kept as it is.
        if let Err(error) = db::settle(database).await {
            tracing::warn!(%error, "the write-ahead log of the old database could not be emptied");
        }
    }
    let kept = keep(database).map_err(|e| cannot("keep", database, &e))?;
    fs::rename(draft, database).map_err(|e| cannot("write", database, &e))?;
    if let Some(kept) = kept {
        print_line!("what was there is kept as {}", kept.display());
    }
    Ok(())
}

fn put_ring_in_place(draft: &Path, ring: &Path) -> io::Result<()> {
    keep(ring)?;
    fs::rename(draft, ring)
}

/// What was revoked after the copy was made has to be revoked again, but for what is ended here.
fn tell_ways_in(let_in: &LetIn) {
    let LetIn { users, administrators, invitations, api_tokens } = let_in;
    print_line!("sessions, known devices and links for passwords are ended: everybody signs in again");
    print_line!(
        "users are as they were then: {users} may sign in, {administrators} of them as administrators. Deactivate again, and \
         give smaller roles again to, whoever was since"
    );
    if *invitations > 0 {
        print_line!(
            "{invitations} invitations are open as they were then: withdraw again what was withdrawn since"
        );
    }
    if *api_tokens > 0 {
        print_line!("{api_tokens} API tokens work as they did then: revoke again what was revoked since");
    }
}

/// A second name for a file that is about to be replaced; what SQLite keeps beside it moves along.
fn keep(file: &Path) -> io::Result<Option<PathBuf>> {
    let mut names = (1..).map(|n| beside(file, &format!(".before-restore-{n}")));
    let free = |name: &PathBuf| ["", "-wal", "-shm"].iter().all(|end| !beside(name, end).exists());
    let Some(kept) = names.find(free) else { return Ok(None) };
    for end in ["-wal", "-shm"] {
        if beside(file, end).exists() {
            fs::rename(beside(file, end), beside(&kept, end))?;
        }
    }
    if !file.exists() {
        return Ok(None);
    }
    fs::hard_link(file, &kept).or_else(|_| copy_private(file, &kept))?;
    Ok(Some(kept))
}

/// A database without its keyring is half a backup: says so at once.
async fn tell_vault(config: &Config, storage: &StorageArgs) -> Result<(), String> {
    let operator = Operator::open(config, master_key(storage)?).await;
    let operator = operator.map_err(|e| say("the vault could not be opened", &e))?;
    let checked = operator.check().await.map_err(|e| say("the vault could not be checked", &e))?;
    if checked.unreadable.is_empty() {
        return Ok(());
    }
    let n = checked.unreadable.len();
    Err(format!(
        "the database is restored, but its sealed secrets ({n}) cannot be opened with the keyring here: put the keyring of \
         that time back before you start a server"
    ))
}

fn database_file(config: &Config, tool: &str) -> Result<PathBuf, String> {
    db::sqlite_file(&config.url()).ok_or_else(|| {
        format!("this portal's database is not a SQLite file: use PostgreSQL's {tool}, as docs/operations.md shows")
    })
}

fn refuse_existing(file: &Path) -> Result<(), String> {
    if file.exists() { Err(format!("{} exists; choose another name", file.display())) } else { Ok(()) }
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn cannot(what: &str, file: &Path, error: &io::Error) -> String {
    format!("cannot {what} {}: {error}", file.display())
}

/// A new file that only its owner may read.
fn new_private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn copy_private(from: &Path, to: &Path) -> io::Result<()> {
    let mut new = new_private(to)?;
    io::copy(&mut File::open(from)?, &mut new)?;
    new.sync_all()
}
