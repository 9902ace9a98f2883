//! Short values that the samples are made of.

use crate::base::{Evidence, Place};
use crate::stack::Command;

pub(super) fn words(text: &str) -> Command {
    text.split_whitespace().map(ToOwned::to_owned).collect()
}

pub(super) fn names(text: &str) -> Vec<String> {
    words(text)
}

pub(super) fn because() -> Vec<Evidence> {
    vec![Evidence::new(Place::line("config/settings/base.py", 50), "the settings name PostgreSQL")]
}
