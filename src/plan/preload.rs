//! Applications that are loaded before the app server's workers are forked: memory is shared, and a start imports the project
//! once.

use crate::base::Evidence;
use crate::base::Place;
use crate::inspect::imports;
use crate::knowledge::distributions;

use super::ground::Ground;

/// Calls that start threads, or something that does. A thread lives on in the process that started it alone.
const STARTS: &[&str] =
    &["Thread(", "Timer(", "Scheduler(", "ThreadPoolExecutor(", "ProcessPoolExecutor(", "MongoClient("];

/// Larger projects are not searched, and not loaded before the fork.
const MOST_FILES: usize = 2000;

/// Returns what keeps the application from being loaded before the workers are forked; `None` if nothing is known that does.
pub(super) fn hindrance(ground: &Ground<'_>) -> Option<Evidence> {
    let installed = ground.facts.distributions.iter().map(|one| one.name.as_str());
    if let Some(row) = distributions::first_with_threads(&installed) {
        return Some(Evidence::new(Place::Row(format!("distributions: {}", row.name)), &row.because));
    }
    let sources = ground.tree.files().filter(|file| file.extension() == Some("py"));
    let sources: Vec<_> = sources.filter(|file| !imports::is_aside(file)).collect();
    if sources.len() > MOST_FILES {
        return Some(Evidence::new(Place::Default, "the project is too large to be searched for threads"));
    }
    sources.into_iter().find_map(|file| {
        let text = ground.tree.glance(file)?;
        let starts = |line: &str| {
            let code = line.split('#').next().unwrap_or_default();
            STARTS.iter().any(|call| code.contains(call)) && !code.trim_start().starts_with("class ")
        };
        let line = text.lines().position(starts)?;
        let line = u32::try_from(line + 1).unwrap_or_default();
        Some(Evidence::new(Place::line(file, line), "starts threads, which a fork leaves behind"))
    })
}
