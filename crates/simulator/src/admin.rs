//! The control endpoints under `/_sim`, for other processes: browser tests and the demo. They need no token and are
//! not logged.

use crate::control::Control;
use crate::spec::FleetSpec;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

type Outcome = Result<Json<Value>, (StatusCode, String)>;

/// `GET /_sim/state` and `POST /_sim/<script>`.
pub(crate) fn routes() -> Router<Control> {
    Router::new().route("/state", get(state)).route("/{script}", post(script))
}

async fn state(State(control): State<Control>) -> Json<Value> {
    Json(summary(&control))
}

fn summary(control: &Control) -> Value {
    let organizations: Vec<_> =
        control.organizations().into_iter().map(|(id, name)| json!({"id": id, "name": name})).collect();
    json!({
        "client_id": control.client_id(),
        "client_secret": control.client_secret(),
        "organizations": organizations,
        "devices": control.device_count(),
        "approved_devices": control.approved_device_count(),
        "requests": control.request_count(),
        "token_requests": control.token_requests(),
    })
}

async fn script(State(control): State<Control>, Path(name): Path<String>, body: String) -> Outcome {
    let body = if body.trim().is_empty() { "{}" } else { &body };
    let args: Value = serde_json::from_str(body).map_err(|e| bad(e.to_string()))?;
    run(&control, &name, &Args(&args)).map(|result| Json(json!({ "result": result }))).map_err(bad)
}

fn bad(why: String) -> (StatusCode, String) {
    (StatusCode::BAD_REQUEST, why)
}

/// The arguments of a script.
struct Args<'a>(&'a Value);

impl Args<'_> {
    fn int(&self, key: &str) -> Result<i64, String> {
        self.0[key].as_i64().ok_or_else(|| format!("`{key}`: a whole number is missing"))
    }

    fn int_or(&self, key: &str, default: i64) -> i64 {
        self.0[key].as_i64().unwrap_or(default)
    }

    fn text(&self, key: &str) -> Result<&str, String> {
        self.0[key].as_str().ok_or_else(|| format!("`{key}`: a text is missing"))
    }

    fn flag(&self, key: &str) -> Result<bool, String> {
        self.0[key].as_bool().ok_or_else(|| format!("`{key}`: true or false is missing"))
    }
}

/// Runs a script by name. The keys of the body are named like the arguments of [`Control`]'s methods.
fn run(control: &Control, name: &str, args: &Args) -> Result<Value, String> {
    Ok(match name {
        "rename_organization" => json!(control.rename_organization(args.int("id")?, args.text("name")?)),
        "set_organization_field" => {
            json!(control.set_organization_field(
                args.int("id")?,
                args.text("name")?,
                args.0["value"].clone()
            ))
        }
        "add_organization" => json!(control.add_organization(args.text("name")?)),
        "delete_organization" => json!(control.delete_organization(args.int("id")?)),
        "add_location" => json!(control.add_location(args.int("org")?, args.text("name")?)),
        "rename_location" => json!(control.rename_location(args.int("id")?, args.text("name")?)),
        "delete_location" => json!(control.delete_location(args.int("id")?)),
        "add_devices" => json!(control.add_devices(args.int("n")? as u32)),
        "add_device" => json!(control.add_device(args.int("org")?, args.text("class")?)),
        "delete_device" => json!(control.delete_device(args.int("id")?)),
        "move_device" => json!(control.move_device(args.int("id")?, args.int("org")?, args.int("loc")?)),
        "rename_device" => json!(control.rename_device(args.int("id")?, args.text("name")?)),
        "reenroll_device" => json!(control.reenroll_device(args.int("id")?)),
        "decommission_device" => json!(control.decommission_device(args.int("id")?)),
        "approve_device" => json!(control.approve_device(args.int("id")?)),
        "set_device_class" => json!(control.set_device_class(args.int("id")?, args.text("class")?)),
        "set_serial" => json!(control.set_serial(args.int("id")?, args.text("serial").ok())),
        "set_online" => json!(control.set_online(args.int("id")?, args.flag("online")?)),
        "heartbeat" => json!(control.heartbeat()),
        "keep_devices" => json!(control.keep_devices(args.0["share"].as_f64().ok_or("`share` is missing")?)),
        "expire_tokens" => json!(control.expire_tokens()),
        "reset_log" => json!(control.reset_log()),
        "clear_faults" => json!(control.clear_faults()),
        "inject" => json!(control.inject(serde_json::from_value(args.0.clone()).map_err(|e| e.to_string())?)),
        "set_behaviour" => {
            control.with(|state| state.behaviour.merge(args.0))?;
            json!(control.behaviour())
        }
        "reset" => reset(control, args),
        _ => return Err(format!("there is no script `{name}`")),
    })
}

/// A new fleet: `seed`, `organizations` and `devices`, or `demo`.
fn reset(control: &Control, args: &Args) -> Value {
    let base = if args.0["demo"] == json!(true) { FleetSpec::demo() } else { FleetSpec::default() };
    control.reset(FleetSpec {
        seed: args.int_or("seed", base.seed as i64) as u64,
        organizations: args.int_or("organizations", base.organizations.into()) as u32,
        devices: args.int_or("devices", base.devices.into()) as u32,
        ..base
    });
    summary(control)
}
