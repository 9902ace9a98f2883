//! Everything decided: what plan works from.

use camino::Utf8PathBuf;
use serde::Serialize;

use crate::base::Place;
pub use crate::base::language::Language;
use crate::catalog::Pick;
use crate::catalog::base_image::BaseImage;
use crate::catalog::certificates::Certificates;
use crate::catalog::database::Database;
use crate::catalog::proxy::Proxy;
use crate::catalog::server::Server;
use crate::catalog::static_files::StaticFiles;
use crate::catalog::topology::Topology;
use crate::inspect::facts::PackageManager;

/// Declares the choices of a question with the word that flags, prompts and `djdock.toml` use for each.
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$choice_doc:meta])* $choice:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        pub enum $name { $($(#[$choice_doc])* #[serde(rename = $word)] $choice),* }

        impl Default for $name {
            /// The first: what stands before anything is answered.
            fn default() -> Self {
                Self::ALL[0]
            }
        }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$choice),*];

            /// The word for it in flags, prompts and `djdock.toml`.
            pub fn word(self) -> &'static str {
                match self { $(Self::$choice => $word),* }
            }

            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|choice| choice.word() == word)
            }
        }
    };
}

choices!(
    /// How much the generated files say about themselves.
    Comments { None = "none", Brief = "brief", Teach = "teach" }
);
/// The size of a request's body at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BodySize {
    /// The size that the settings allow to be uploaded.
    #[default]
    AsSettings,
    Unlimited,
    Megabytes(u64),
}

impl BodySize {
    const AS_SETTINGS: &str = "settings";
    const UNLIMITED: &str = "none";

    /// Returns the word for the size in flags and `djdock.toml`.
    pub fn word(self) -> String {
        match self {
            Self::AsSettings => Self::AS_SETTINGS.to_owned(),
            Self::Unlimited => Self::UNLIMITED.to_owned(),
            Self::Megabytes(size) => format!("{size}m"),
        }
    }

    /// Reads `settings`, `none`, or a size with nginx's units: `50m`, `2g`. A number alone counts megabytes.
    pub fn from_word(word: &str) -> Option<Self> {
        /// More than any request: a petabyte.
        const MOST: u64 = 1 << 30;
        match word {
            Self::AS_SETTINGS => return Some(Self::AsSettings),
            Self::UNLIMITED => return Some(Self::Unlimited),
            _ => {}
        }
        let lower = word.to_ascii_lowercase();
        let digits = lower.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
        let factor = match lower.get(digits.len()..)? {
            "" | "m" | "mb" => 1,
            "g" | "gb" => 1024,
            _ => return None,
        };
        let size = digits.parse::<u64>().ok()?.checked_mul(factor)?;
        (1..=MOST).contains(&size).then_some(Self::Megabytes(size))
    }
}

impl Serialize for BodySize {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.word())
    }
}

/// Every answer, and who gave each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Answers {
    pub topology: Pick<Topology>,
    pub server: Pick<Server>,
    pub proxy: Pick<Proxy>,
    /// Who gets certificates for a proxy that gets none by itself.
    pub tls: Pick<Certificates>,
    pub database: Pick<Database>,
    pub base_image: Pick<BaseImage>,
    /// `3.13`.
    pub python: String,
    pub package_manager: PackageManager,
    #[serde(rename = "static")]
    pub static_files: Pick<StaticFiles>,
    /// The size of a request's body at most, where a proxy looks at it.
    pub body_size: BodySize,
    /// True if the stack has a Redis for cache, broker or channel layer.
    pub cache: bool,
    /// True if Celery workers run.
    pub worker: bool,
    /// `manage.py`, where there were several.
    pub manage_py: Utf8PathBuf,
    /// Dotted, with `:Class` for class-based settings.
    pub settings_dev: String,
    pub settings_prod: String,
    /// The compose project's name.
    pub name: String,
    /// The folder of configuration files: `docker`.
    pub config_dir: Utf8PathBuf,
    pub comments: Comments,
    pub lang: Language,
    /// True if djdock may write a settings module beside the project's own.
    pub overlay: bool,
    /// Who answered each question, by its key; suggestions are [`Place::Default`].
    #[serde(skip)]
    pub origins: std::collections::BTreeMap<String, Place>,
}
