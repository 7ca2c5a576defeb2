//! The server over HTTP: a real router on a free port, the simulator as NinjaOne, workers in this process.

#[macro_use]
mod support;

mod bodies;
mod cancel;
mod csrf;
mod foreign;
mod openapi;
mod pages;
mod restart;
mod secrets;
mod setup;
mod story;
mod strangers;
mod vendor_down;
