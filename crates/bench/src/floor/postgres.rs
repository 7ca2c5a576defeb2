//! The floor on PostgreSQL.

use super::{
    Store,
    row::{NUMBERS, Row, TEXTS, TIMES, schema, upsert},
};
use crate::Outcome;
use postgres::{Client, NoTls, Statement, types::ToSql};
use std::{
    collections::HashMap,
    io::{BufRead, BufReader},
    str::FromStr,
};

pub struct Postgres {
    client: Client,
    upsert: Statement,
}

impl Postgres {
    pub fn open(url: &str) -> Outcome<Self> {
        let mut client = Client::connect(url, NoTls)?;
        client.batch_execute(&schema("bigint", "float8", "text"))?;
        let kinds = ["bigint"].repeat(1 + NUMBERS.len()).into_iter();
        let kinds = kinds.chain(["float8"].repeat(TIMES.len())).chain(["text"].repeat(TEXTS.len()));
        let arrays: Vec<String> =
            kinds.chain(["bigint"]).enumerate().map(|(i, kind)| format!("${}::{kind}[]", i + 1)).collect();
        let upsert = client.prepare(&upsert(&format!("SELECT * FROM unnest({})", arrays.join(", "))))?;
        Ok(Self { client, upsert })
    }

    /// Two columns, by the quickest way out.
    fn pairs<T: FromStr>(&mut self, select: &str) -> Outcome<HashMap<i64, T>>
    where
        T::Err: std::error::Error + 'static,
    {
        let lines = BufReader::new(self.client.copy_out(&format!("COPY ({select}) TO STDOUT"))?).lines();
        let mut pairs = HashMap::new();
        for line in lines {
            let line = line?;
            let (id, value) = line.split_once('\t').ok_or("two columns")?;
            pairs.insert(id.parse()?, value.parse()?);
        }
        Ok(pairs)
    }
}

impl Store for Postgres {
    fn hashes(&mut self) -> Outcome<HashMap<i64, i64>> {
        self.pairs("SELECT id, hash FROM device")
    }

    fn beats(&mut self) -> Outcome<HashMap<i64, f64>> {
        self.pairs("SELECT id, contact FROM beat")
    }

    fn begin(&mut self) -> Outcome<()> {
        Ok(self.client.batch_execute("BEGIN")?)
    }

    fn put(&mut self, rows: &[Row]) -> Outcome<()> {
        let ids: Vec<i64> = rows.iter().map(|r| r.id).collect();
        let numbers: [Vec<i64>; NUMBERS.len()] =
            std::array::from_fn(|n| rows.iter().map(|r| r.numbers[n]).collect());
        let times: [Vec<f64>; TIMES.len()] =
            std::array::from_fn(|n| rows.iter().map(|r| r.times[n]).collect());
        let texts: [Vec<Option<&str>>; TEXTS.len()] =
            std::array::from_fn(|n| rows.iter().map(|r| r.texts[n].as_deref()).collect());
        let hashes: Vec<i64> = rows.iter().map(|r| r.hash).collect();
        let mut columns: Vec<&(dyn ToSql + Sync)> = vec![&ids];
        columns.extend(numbers.iter().map(|c| c as &(dyn ToSql + Sync)));
        columns.extend(times.iter().map(|c| c as &(dyn ToSql + Sync)));
        columns.extend(texts.iter().map(|c| c as &(dyn ToSql + Sync)));
        columns.push(&hashes);
        self.client.execute(&self.upsert, &columns)?;
        Ok(())
    }

    fn beat(&mut self, beats: &[(i64, f64)]) -> Outcome<()> {
        let (ids, contacts): (Vec<i64>, Vec<f64>) = beats.iter().copied().unzip();
        let update = "UPDATE beat SET contact = new.contact
            FROM unnest($1::bigint[], $2::float8[]) AS new (id, contact) WHERE beat.id = new.id";
        self.client.execute(update, &[&ids, &contacts])?;
        Ok(())
    }

    fn commit(&mut self) -> Outcome<()> {
        Ok(self.client.batch_execute("COMMIT")?)
    }

    fn keep_beats(&mut self) -> Outcome<()> {
        Ok(self.client.batch_execute(
            "CREATE TABLE beat (id bigint PRIMARY KEY, contact float8);
             INSERT INTO beat SELECT id, last_contact FROM device; ANALYZE beat",
        )?)
    }
}
