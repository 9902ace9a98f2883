//! Every test that crosses stages and needs neither Docker nor a network, in one binary.

mod disk;
mod update;
