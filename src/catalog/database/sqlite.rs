use super::{Database, Kept};

pub(super) const SQLITE: Database = Database {
    word: "sqlite",
    name: "SQLite",
    engines: &["django.db.backends.sqlite3", "django.contrib.gis.db.backends.spatialite"],
    schemes: &["sqlite"],
    drivers: &[],
    kept: Kept::File,
};
