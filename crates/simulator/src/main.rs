//! `simulator`: a NinjaOne on this machine, until Ctrl-C.

use clap::Parser;
use simulator::{FleetSpec, Simulator};
use std::net::SocketAddr;
use std::time::Duration;

/// A NinjaOne that runs on this machine.
#[derive(Parser)]
struct Options {
    /// Where to listen; port 0 picks a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The seed that the fleet is made from.
    #[arg(long)]
    seed: Option<u64>,
    /// How many organizations.
    #[arg(long)]
    organizations: Option<u32>,
    /// How many devices.
    #[arg(long)]
    devices: Option<u32>,
    /// The fleet of the demo portal.
    #[arg(long)]
    demo: bool,
    /// Wait this long before every answer.
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let options = Options::parse();
    let base = if options.demo { FleetSpec::demo() } else { FleetSpec::default() };
    let spec = FleetSpec {
        seed: options.seed.unwrap_or(base.seed),
        organizations: options.organizations.unwrap_or(base.organizations),
        devices: options.devices.unwrap_or(base.devices),
        ..base
    };
    let simulator = Simulator::bind(options.listen, spec).await?;
    simulator.control().set_behaviour(|b| b.latency = Duration::from_millis(options.latency_ms));
    let (id, secret) = (simulator.client_id(), simulator.client_secret());
    println!("simulator on {} client_id={id} client_secret={secret}", simulator.base_url);
    tokio::signal::ctrl_c().await?;
    simulator.shutdown().await;
    Ok(())
}
