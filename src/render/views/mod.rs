//! The data of templates: one struct per template. Every field is always serialised, because a template that asks for
//! a missing one is told "no".

pub(super) mod compose;
pub(super) mod constraints;
pub(super) mod dockerfile;
pub(super) mod document;
pub(super) mod entrypoint;
pub(super) mod environment;
pub(super) mod ignore;
pub(super) mod redeploy;
pub(super) mod serving;
pub(super) mod test_databases;
