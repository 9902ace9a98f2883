use super::Target;

pub(super) const COMPOSE: Target =
    Target { word: "compose", dev_file: "compose.yaml", prod_file: "compose.prod.yaml" };
