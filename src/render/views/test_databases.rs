//! The view of the script that lets tests make their databases.

use serde::Serialize;

use crate::stack::TestDatabases;

/// `mysql/test_databases.sql`.
#[derive(Serialize)]
pub(in crate::render) struct TestDatabasesView<'a> {
    pub comments: bool,
    user: &'a str,
    patterns: &'a [String],
}

impl<'a> TestDatabasesView<'a> {
    pub(in crate::render) fn new(tests: &'a TestDatabases, comments: bool) -> Self {
        Self { comments, user: &tests.user, patterns: &tests.patterns }
    }
}
