//! Connections to the database that the URL of the database keeps open.

use super::Settled;
use crate::plan::ground::Ground;
use crate::plan::persistent;

/// Asks in the URL of the database for connections that outlive requests, where the settings take that and all else stays.
pub(super) fn keep(ground: &Ground<'_>, settled: &mut Settled) {
    let Some((name, query)) = persistent::query(ground, &settled.evaluation, &settled.variables) else {
        return;
    };
    let mut with_query = settled.clone();
    if let Some(url) = with_query.variables.get_mut(&name) {
        url.push_str(&query);
    }
    with_query.evaluate(ground, ground.tree);
    let stays = with_query.standings == settled.standings
        && with_query.evaluation.failures == settled.evaluation.failures;
    if stays && persistent::took_query(&settled.evaluation, &with_query.evaluation) {
        *settled = with_query;
    }
}
