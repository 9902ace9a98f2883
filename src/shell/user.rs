//! The person on this machine, for messages: "permission denied" says for whom.

/// "`ana`", or "user 1000" where the system has no name for them.
pub fn name() -> String {
    let id = rustix::process::geteuid().as_raw();
    named("/etc/passwd", id).map_or_else(|| format!("user {id}"), |name| format!("`{name}`"))
}

/// The name of the group `id`, where the system has one.
pub fn group(id: u32) -> Option<String> {
    named("/etc/group", id)
}

fn named(list: &str, id: u32) -> Option<String> {
    let text = std::fs::read_to_string(list).ok()?;
    text.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, number) = (fields.next()?, fields.nth(1)?);
        (number.parse() == Ok(id)).then(|| name.to_owned())
    })
}

/// Their numeric id, and that of their group.
pub fn ids() -> (u32, u32) {
    (rustix::process::geteuid().as_raw(), rustix::process::getegid().as_raw())
}
