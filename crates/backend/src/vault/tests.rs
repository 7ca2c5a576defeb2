use super::{keyring::Keyring, rotation::seal_anew, sealed::*, *};
use crate::{Config, Portal};
use base64::{Engine, engine::general_purpose::STANDARD};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

fn owner(n: u128) -> Owner {
    Owner::integration(Uuid::from_u128(1), Uuid::from_u128(n))
}

fn open(dir: &Path) -> Result<Vault> {
    Vault::open(dir, &MasterKeys::default(), 0)
}

fn secret(text: &str) -> SecretString {
    text.to_owned().into()
}

#[test]
fn a_sealed_value_opens_only_where_it_belongs() {
    let dir = tempfile::tempdir().unwrap();
    let vault = open(dir.path()).unwrap();
    let key = vault.new_data_key(owner(1)).unwrap();
    let sealed = key.seal(owner(1), "client_secret", &secret("s3cret")).unwrap();

    let again = open(dir.path()).unwrap().data_key(owner(1), &key.key_id, &key.sealed).unwrap();
    assert_eq!(again.open(owner(1), "client_secret", &sealed).unwrap().expose_secret(), "s3cret");
    assert!(again.open(owner(2), "client_secret", &sealed).is_err(), "another row");
    assert!(again.open(owner(1), "client_id", &sealed).is_err(), "another field");
    let other_tenant = Owner::integration(Uuid::from_u128(2), Uuid::from_u128(1));
    assert!(again.open(other_tenant, "client_secret", &sealed).is_err(), "another tenant");
    assert!(vault.data_key(owner(2), &key.key_id, &key.sealed).is_err(), "another integration");
    assert!(vault.data_key(other_tenant, &key.key_id, &key.sealed).is_err(), "another tenant's integration");
    assert!(!sealed.windows(6).any(|w| w == b"s3cret"));
}

#[test]
fn a_lost_or_damaged_keyring_is_told_not_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("keyring.json");
    open(dir.path()).unwrap();
    std::fs::remove_file(&file).unwrap();
    let told = Vault::open(dir.path(), &MasterKeys::default(), 3).err().expect("refused").to_string();
    assert!(told.contains("is missing") && told.contains("(3)"), "{told}");
    assert!(!file.exists(), "no new one is made");
    for damage in
        ["", "{}", "{\"current\":\"1\",\"keys\":{\"1\":\"AAAA\"}}", "{\"current\":\"2\",\"keys\":{}}"]
    {
        std::fs::write(&file, damage).unwrap();
        let told = open(dir.path()).err().expect("refused").to_string();
        assert!(told.contains("Restore it from a backup"), "{told}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), damage);
    }
}

#[test]
fn keys_of_the_environment_open_what_previous_ones_sealed() {
    let key = |n: u8| STANDARD.encode([n; 32]);
    let ring = |master: u8, previous: &[String]| {
        let previous: Vec<SecretString> = previous.iter().map(|text| secret(text)).collect();
        Keyring::from_environment(&secret(&key(master)), &previous).unwrap()
    };
    let (old, new) = (ring(1, &[]), ring(2, &[key(1)]));
    let sealed = old.new_data_key(owner(1)).unwrap();
    assert!(new.data_key(owner(1), &sealed.key_id, &sealed.sealed).is_ok());
    assert_ne!(new.current(), old.current());
    assert!(!ring(2, &[]).holds(&sealed.key_id));
    // From a file to the environment: the file's key keeps its id.
    assert!(ring(2, &[format!("7:{}", key(1))]).holds("7"));
    let told = Keyring::from_environment(&secret("short"), &[]).err().expect("refused").to_string();
    assert!(told.contains("base64"), "{told}");
}

/// Keys of the environment once had one id for all; what they sealed then opens with whichever of them it was.
#[test]
fn what_the_environment_sealed_before_keys_had_ids_still_opens() {
    let key = [1; KEY];
    let sealed = cipher::seal(&key, &[9; KEY], &owner(1).aad("data_key", "env")).unwrap();
    let (first, second) = (secret(&STANDARD.encode(key)), secret(&STANDARD.encode([2; KEY])));
    let ring = Keyring::from_environment(&second, &[first]).unwrap();
    assert!(ring.data_key(owner(1), "env", &sealed).is_ok());
}

#[cfg(unix)]
#[test]
fn the_keyring_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    open(dir.path()).unwrap();
    let path = dir.path().join("keyring.json");
    let mode = || std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(), 0o600);
    let mut file = ring_file::read(&path).unwrap();
    file.renew();
    ring_file::write(&path, &file).unwrap();
    assert_eq!(mode(), 0o600);
    assert!(!dir.path().join("keyring.json.new").exists());
}

/// What a user saved between the rotation's look and its write stays.
#[tokio::test]
async fn an_edit_during_a_rotation_is_not_lost() {
    let dir = tempfile::tempdir().unwrap();
    let portal = Portal::open(Config::new(dir.path()), None).await.unwrap();
    let (db, row) = (portal.db(), owner(5));
    let insert = |key: &DataKey, text: &str| {
        let bytes = |b: &[u8]| format!("x'{}'", b.iter().map(|b| format!("{b:02x}")).collect::<String>());
        let sealed = bytes(&key.seal(row, "client_secret", &secret(text)).unwrap());
        let id = bytes(&key.seal(row, "client_id", &secret("id")).unwrap());
        format!("'{}', {}, {id}, {sealed}", key.key_id, bytes(&key.sealed))
    };
    let uuid = |n: u128| format!("x'{}'", Uuid::from_u128(n).simple());
    let key = portal.vault().new_data_key(row).unwrap();
    db.execute_unprepared(&format!(
        "INSERT INTO tenants (id, name, created_at) VALUES ({}, 'T', 0)",
        uuid(1)
    ))
    .await
    .unwrap();
    db.execute_unprepared(&format!(
        "INSERT INTO integrations (id, tenant_id, vendor, name, region, base_url, client_id_hint, key_id, data_key,
            client_id, client_secret, account_hash, refused, connected_at, created_at, updated_at)
         VALUES ({}, {}, 'ninjaone', 'N', 'us', '', '', {}, x'00', FALSE, 0, 0, 0)",
        uuid(5),
        uuid(1),
        insert(&key, "first")
    ))
    .await
    .unwrap();
    let ring = portal.vault().ring();
    let read = async || page(db, &PLACES[0], Which::All, Uuid::nil()).await.unwrap().remove(0);

    let before = read().await;
    let edited = portal.vault().new_data_key(row).unwrap();
    db.execute_unprepared(&format!(
        "UPDATE integrations SET (key_id, data_key, client_id, client_secret) = ({})",
        insert(&edited, "second")
    ))
    .await
    .unwrap();
    assert!(!seal_anew(db, &ring, &before).await.unwrap(), "the row is not the one that was read");
    let now = read().await;
    assert_eq!(now.open(&ring).unwrap()[1].expose_secret(), "second");
    assert!(seal_anew(db, &ring, &now).await.unwrap());
    assert_eq!(read().await.open(&ring).unwrap()[1].expose_secret(), "second");
}
