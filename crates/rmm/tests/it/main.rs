//! The NinjaOne client against the simulator, over real sockets.

mod faults;
mod lists;
mod reports;
mod support;
mod tokens;
