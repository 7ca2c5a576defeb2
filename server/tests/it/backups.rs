//! Copies of the database that cannot be made or put back as they were asked for: everything stays as it was.

use crate::{process::Place, support::Setup};
use sea_orm::{ConnectionTrait, Statement};
use simulator::FleetSpec;
use std::{fs, path::PathBuf};

/// A portal with an owner, whose server has gone, and a copy of it.
struct Copied {
    place: Place,
    copy: PathBuf,
}

impl Copied {
    async fn new() -> Self {
        let place = Place::new(Setup::sqlite(), FleetSpec { devices: 20, ..FleetSpec::default() }).await;
        let server = place.serve();
        place.owner(&server).await;
        drop(server);
        let copy = place.setup.folder.path().join("copy.db");
        let copied = Self { place, copy };
        let (ok, said) = copied.call(&["backup", &copied.name()]);
        assert!(ok, "{said}");
        copied
    }

    fn name(&self) -> String {
        self.copy.to_str().expect("a name").to_owned()
    }

    fn call(&self, arguments: &[&str]) -> (bool, String) {
        tokio::task::block_in_place(|| self.place.call(arguments))
    }

    fn in_folder(&self, name: &str) -> PathBuf {
        self.place.setup.folder.path().join(name)
    }

    /// The bytes of the database and of the keyring.
    fn held(&self) -> [Vec<u8>; 2] {
        ["msportal.db", "keyring.json"].map(|name| fs::read(self.in_folder(name)).expect(name))
    }

    /// Putting the copy back with its keyring is refused, and leaves everything as it is.
    fn is_refused(&self, why: &str) {
        let held = self.held();
        let (ok, said) = self.call(&["restore", &self.name(), "--force", "--with-keyring"]);
        assert!(!ok && said.contains("nothing was restored") && said.contains(why), "{said}");
        assert!(self.held() == held, "{why}: it is as it was");
        for left in ["msportal.db.before-restore-1", "msportal.db.restoring", "keyring.json.restoring"] {
            assert!(!self.in_folder(left).exists(), "{why}: {left}");
        }
    }

    /// Runs a statement on the copy.
    async fn change_copy(&self, sql: &str) {
        let url = format!("sqlite://{}?mode=rw", self.name());
        let db = backend::db::connect(&url, 1).await.expect("the copy opens");
        db.execute_unprepared(sql).await.expect(sql);
        db.close().await.expect("the copy closes");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_restored_as_a_whole_changes_nothing() {
    let copied = Copied::new().await;
    let ring = copied.in_folder("copy.db.keyring.json");
    copied.is_refused("copy.db.keyring.json cannot be read");
    fs::write(&ring, "no keys").expect("written");
    copied.is_refused("copy.db.keyring.json is not a keyring");
    fs::copy(copied.in_folder("keyring.json"), &ring).expect("copied");
    // Sessions that cannot be ended do not come back.
    copied
        .change_copy(
            "CREATE TRIGGER stay BEFORE DELETE ON sessions BEGIN SELECT RAISE(ABORT, 'they stay'); END",
        )
        .await;
    copied.is_refused("sessions could not be ended");

    copied.change_copy("DROP TRIGGER stay").await;
    let (ok, said) = copied.call(&["restore", &copied.name(), "--force", "--with-keyring"]);
    assert!(ok && said.contains("1 may sign in, 1 of them as administrators"), "{said}");
    let count = "SELECT count(*) FROM sessions";
    let sessions: i64 = copied
        .place
        .look(async |db| {
            let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), count)).await;
            row.expect(count).expect("a row").try_get_by_index(0).expect("a number")
        })
        .await;
    assert_eq!(sessions, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_without_the_keyring_that_was_asked_for_is_not_made() {
    let mut copied = Copied::new().await;
    let second = copied.in_folder("second.db");
    let arguments = ["backup", second.to_str().expect("a name"), "--with-keyring"];
    let refused = |copied: &Copied, why: &str| {
        let (ok, said) = copied.call(&arguments);
        assert!(!ok && said.contains("nothing was saved") && said.contains(why), "{said}");
        assert!(!second.exists() && !copied.in_folder("second.db.keyring.json").exists(), "{why}");
    };
    let ring = fs::read(copied.in_folder("keyring.json")).expect("a keyring");
    fs::write(copied.in_folder("keyring.json"), "no keys").expect("written");
    refused(&copied, "is not a keyring");
    fs::write(copied.in_folder("keyring.json"), ring).expect("written");
    let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    copied.place.environment = vec![("MSPORTAL_MASTER_KEY", key.to_owned())];
    refused(&copied, "that of the environment");
    copied.place.environment.clear();
    let (ok, said) = copied.call(&arguments);
    assert!(ok, "{said}");
}
