//! The person on this machine, for messages: "permission denied" says for whom.

/// "`ana`", or "user 1000" where the system has no name for them.
pub fn name() -> String {
    let id = rustix::process::geteuid().as_raw();
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let known = users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, number) = (fields.next()?, fields.nth(1)?);
        (number.parse() == Ok(id)).then(|| format!("`{name}`"))
    });
    known.unwrap_or_else(|| format!("user {id}"))
}

/// Their numeric id, and that of their group.
pub fn ids() -> (u32, u32) {
    (rustix::process::geteuid().as_raw(), rustix::process::getegid().as_raw())
}
