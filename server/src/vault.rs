//! `msportal vault …`: the master key and what it seals.

use crate::{
    cli::{ForgetLostArgs, StorageArgs, VaultCommand},
    serve::{config, master_key, say},
};
use backend::vault::{Checked, Operator};

/// Carries out one of the commands; an error is a sentence for the terminal.
pub async fn run(command: VaultCommand) -> Result<(), String> {
    match command {
        VaultCommand::Check(storage) => check(&open(&storage).await?).await,
        VaultCommand::Rotate(storage) => rotate(&open(&storage).await?).await,
        VaultCommand::ForgetLost(args) => forget_lost(&open(&args.storage).await?, &args).await,
    }
}

async fn open(storage: &StorageArgs) -> Result<Operator, String> {
    let operator = Operator::open(&config(storage)?, master_key(storage)?).await;
    operator.map_err(|e| say("the vault could not be opened", &e))
}

async fn check(operator: &Operator) -> Result<(), String> {
    let Checked { current, by_key, unreadable } =
        operator.check().await.map_err(|e| say("the check stopped", &e))?;
    match &current {
        Some(id) => print_line!("current master key: {id}"),
        None => print_line!("there is no keyring"),
    }
    for (key_id, n) in &by_key {
        print_line!("sealed by {key_id}: {n}");
    }
    refuse_unreadable(&unreadable, "cannot be opened with this keyring")?;
    let n: i64 = by_key.iter().map(|(_, n)| n).sum();
    print_line!("all {n} can be opened");
    Ok(())
}

async fn rotate(operator: &Operator) -> Result<(), String> {
    let stopped = |e: backend::Error| say("the rotation stopped; run it again to go on", &e);
    let rotation = operator.rotate().await.map_err(stopped)?;
    let what = if rotation.is_new { "new master key" } else { "sealing with master key" };
    print_line!("{what}: {}", rotation.key_id);
    for id in &rotation.dropped {
        print_line!("nothing that lasts was sealed by {id} any more: it is no longer in the keyring");
    }
    let done = rotation.reseal().await.map_err(stopped)?;
    print_line!("sealed anew: {}", done.rows);
    refuse_unreadable(&done.unreadable, "could not be opened and were left as they are")
}

async fn forget_lost(operator: &Operator, args: &ForgetLostArgs) -> Result<(), String> {
    let stopped = |e: backend::Error| say("stopped", &e);
    let checked = operator.check().await.map_err(stopped)?;
    let Some(agreed) = args.confirm.or(checked.unreadable.is_empty().then_some(0)) else {
        return Err(to_confirm(&checked));
    };
    let forgotten = operator.forget_lost(agreed, args.without_keyring).await.map_err(stopped)?;
    for row in &forgotten {
        print_line!("given up: {row}");
    }
    print_line!("given up: {} in all; connect them again in the portal", forgotten.len());
    Ok(())
}

/// Lists what would be given up; how to do so.
fn to_confirm(Checked { current, by_key, unreadable }: &Checked) -> String {
    for row in unreadable {
        print_line!("would be given up: {row}");
    }
    let (lost, all) = (unreadable.len(), by_key.iter().map(|(_, n)| n).sum::<i64>());
    if i64::try_from(lost) == Ok(all) {
        print_line!("that is everything that is sealed: look for the right keyring first");
    }
    let without = if current.is_none() { " --without-keyring" } else { "" };
    format!("{lost} would be given up, and there is no way back; run again with --confirm {lost}{without}")
}

fn refuse_unreadable(rows: &[String], what: &str) -> Result<(), String> {
    for row in rows {
        print_line!("cannot be opened: {row}");
    }
    if rows.is_empty() { Ok(()) } else { Err(format!("{} {what}", rows.len())) }
}
