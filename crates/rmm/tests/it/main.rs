//! The NinjaOne client against the simulator, over real sockets.

mod faults;
mod lists;
mod named;
mod reports;
mod secrets;
mod support;
mod tokens;
