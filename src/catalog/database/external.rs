use super::{Database, Kept};
use crate::base::language::Text;
use crate::catalog::offer::Offer;

pub(super) const EXTERNAL: Database = Database {
    offer: Offer {
        word: "external",
        label: Text::new("somewhere else", "다른 곳에 있음"),
        about: Text::new(
            "a server that you run or rent; its address goes into .env",
            "직접 운영하거나 빌린 서버. 주소는 .env에 적습니다",
        ),
    },
    name: "a database outside the stack",
    engines: &[],
    schemes: &[],
    drivers: &[],
    engine_words: &["oracle"],
    also_serves: &[],
    rented_as: &[],
    kept: Kept::Elsewhere,
};
