use super::{Database, Kept};

pub(super) const EXTERNAL: Database = Database {
    word: "external",
    name: "a database outside the stack",
    engines: &[],
    schemes: &[],
    drivers: &[],
    kept: Kept::Elsewhere,
};
