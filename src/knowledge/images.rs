//! Images that a stack pulls beside its own.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Date;
use crate::python::Version;

pub(super) const TEXT: &str = include_str!("images.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    #[expect(dead_code, reason = "for whoever edits the table")]
    checked: Date,
    image: Vec<Image>,
}

/// The images of one service.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    pub service: String,
    pub repository: String,
    pub source: String,
    tags: Vec<Tag>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    pub version: Version,
    pub tag: String,
    /// The folder that a volume is mounted on, where the image keeps data.
    pub data: Option<String>,
}

/// An image chosen for a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// `postgres:17-trixie`.
    pub reference: String,
    pub version: String,
    pub data: Option<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(TEXT));

/// Every service's images.
pub fn images() -> &'static [Image] {
    &TABLE.image
}

/// The image for `service` (`postgres`, `redis`, …) that holds at least version `floor`, where one is given;
/// the preferred one where it does, else the oldest that does.
pub fn choose(service: &str, floor: Option<&str>) -> Option<Chosen> {
    let image = images().iter().find(|image| image.service == service)?;
    let floor = floor.and_then(Version::parse);
    let enough = |tag: &&Tag| floor.as_ref().is_none_or(|floor| tag.version >= *floor);
    let preferred = image.tags.first().filter(enough);
    let tag = preferred.or_else(|| image.tags.iter().filter(enough).min_by_key(|tag| &tag.version))?;
    Some(Chosen {
        reference: format!("{}:{}", image.repository, tag.tag),
        version: tag.version.to_string(),
        data: tag.data.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::django::{self, Server};

    #[test]
    fn the_preferred_image_serves_every_django() {
        for (service, server) in
            [("postgres", Server::Postgresql), ("mysql", Server::Mysql), ("mariadb", Server::Mariadb)]
        {
            let offered = choose(service, None).unwrap().version;
            for release in django::releases() {
                assert_eq!(django::database_too_old(release.line, server, &offered), None, "{service}");
            }
        }
    }

    #[test]
    fn failure_26_postgres_18_keeps_its_data_one_folder_higher() {
        assert_eq!(choose("postgres", None).unwrap().data.as_deref(), Some("/var/lib/postgresql/data"));
        assert_eq!(choose("postgres", Some("18")).unwrap().data.as_deref(), Some("/var/lib/postgresql"));
    }

    #[test]
    fn failure_30_no_image_of_mysql_5_is_offered() {
        let mysql = images().iter().find(|image| image.service == "mysql").unwrap();
        assert!(mysql.tags.iter().all(|tag| tag.version.major() >= 8));
    }

    #[test]
    fn no_tag_is_a_moving_one() {
        for image in images() {
            assert!(image.source.starts_with("https://"), "{}", image.service);
            for tag in &image.tags {
                assert!(tag.tag.chars().any(|c| c.is_ascii_digit()), "{}:{}", image.repository, tag.tag);
            }
        }
    }
}
