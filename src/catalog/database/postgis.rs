use super::postgres::{DRIVERS, SERVER};
use super::{Database, Kept, Server};
use crate::catalog::container::Container;

pub(super) const POSTGIS: Database = Database {
    word: "postgis",
    name: "PostGIS",
    engines: &["django.contrib.gis.db.backends.postgis"],
    schemes: &["postgis"],
    drivers: DRIVERS,
    kept: Kept::Server(Server {
        // Its first start also makes the extension.
        container: Container { image: "postgis", start_period: 60, ..SERVER.container },
        ..SERVER
    }),
};
