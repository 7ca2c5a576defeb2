//! API tokens that are limited to some companies.

use super::Stage;
use crate::support::{Client, Setup};
use serde_json::{Value, json};
use uuid::Uuid;

async fn make(client: &mut Client, stage: &str, companies: Option<&[Uuid]>) -> Value {
    let body = json!({ "name": stage, "role": "read", "companies": companies });
    client.post("api_tokens/create", body).await.ok()
}

async fn sees(program: &mut Client, companies: &[Uuid]) {
    let found = program.get("companies/list", &[]).await.ok();
    let ids: Vec<Value> =
        found["items"].as_array().into_iter().flatten().map(|company| company["id"].clone()).collect();
    let wanted: Vec<Value> = companies.iter().map(|id| json!(id)).collect();
    assert_eq!(ids, wanted);
}

#[tokio::test]
async fn a_token_reaches_its_companies_of_those_of_its_user() {
    let mut stage = Stage::set(Setup::sqlite()).await;
    let (one, two) = (stage.mine.company, stage.other.company);
    let owners = make(&mut stage.owner, "One company", Some(&[two])).await;
    assert_eq!(owners["token"]["companies"], 1);
    let mut program = stage.site.nobody();
    program.token = owners["secret"].as_str().map(str::to_owned);
    sees(&mut program, &[two]).await;
    program.get("integrations/list", &[]).await.refused(403, "forbidden");

    let beyond = json!({ "name": "Beyond", "role": "read", "companies": [two] });
    stage.user.post("api_tokens/create", beyond).await.refused(404, "not_found");
    stage.assign(Some(&[one, two])).await;
    let mut limited = stage.site.nobody();
    limited.token =
        make(&mut stage.user, "Both", Some(&[one, two])).await["secret"].as_str().map(str::to_owned);
    let mut all = stage.site.nobody();
    all.token = make(&mut stage.user, "All of mine", None).await["secret"].as_str().map(str::to_owned);
    sees(&mut limited, &[one, two]).await;
    // Both are what they have in common with the user, at any time.
    stage.assign(Some(&[two])).await;
    sees(&mut limited, &[two]).await;
    sees(&mut all, &[two]).await;
    stage.assign(None).await;
    sees(&mut limited, &[one, two]).await;
    limited.get("integrations/list", &[]).await.refused(403, "forbidden");
    all.get("integrations/list", &[]).await.ok();
}
