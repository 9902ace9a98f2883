use super::postgres::{DRIVERS, SERVER};
use super::{Database, Kept, Server};
use crate::base::language::Text;
use crate::catalog::container::Container;
use crate::catalog::offer::Offer;

pub(super) const POSTGIS: Database = Database {
    offer: Offer {
        word: "postgis",
        label: Text::name("PostGIS"),
        about: Text::new("PostgreSQL with geography, for GeoDjango", "GeoDjango를 위한 PostgreSQL"),
    },
    name: "PostGIS",
    engines: &["django.contrib.gis.db.backends.postgis"],
    schemes: &["postgis"],
    drivers: DRIVERS,
    engine_words: &["postgis"],
    also_serves: &["postgresql"],
    rented_as: &[],
    kept: Kept::Server(Server {
        // Its first start also makes the extension.
        container: Container { image: "postgis", start_period: 60, ..SERVER.container },
        ..SERVER
    }),
};
