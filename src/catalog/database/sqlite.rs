use super::{Database, Kept};
use crate::base::language::Text;
use crate::catalog::offer::Offer;

pub(super) const SQLITE: Database = Database {
    offer: Offer {
        word: "sqlite",
        label: Text::name("SQLite"),
        about: Text::new("a file on a volume; one machine, few writers", "볼륨에 두는 파일 하나"),
    },
    name: "SQLite",
    engines: &["django.db.backends.sqlite3", "django.contrib.gis.db.backends.spatialite"],
    schemes: &["sqlite"],
    drivers: &[],
    engine_words: &["sqlite", "spatialite"],
    also_serves: &[],
    rented_as: &[],
    kept: Kept::File,
};
