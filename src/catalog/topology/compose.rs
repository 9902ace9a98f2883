use super::Topology;
use crate::base::language::Text;
use crate::catalog::offer::Offer;

pub(super) const COMPOSE: Topology = Topology {
    offer: Offer {
        word: "compose",
        label: Text::name("Compose"),
        about: Text::new("one container for each part", "역할마다 컨테이너 하나"),
    },
};
