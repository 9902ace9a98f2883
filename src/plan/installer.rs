//! The package manager that fills the images, and the distribution that brings it.

use super::ground::Ground;
use crate::catalog::Listed;
use crate::catalog::package_manager::PackageManager;
use crate::inspect::facts::Install;
use crate::knowledge::tools;
use crate::python::{Specifiers, Version};

/// The package manager's own distribution.
pub(super) struct Tool {
    pub name: &'static str,
    pub version: Version,
    /// `poetry==2.5.1`.
    pub requirement: String,
    /// The version is one that the table of tools holds, with all that it needs.
    pub is_known: bool,
}

/// Returns how the project is installed.
pub(super) fn manager(install: &Install) -> Option<&'static PackageManager> {
    PackageManager::named(install.manager.word())
}

/// Returns what brings the package manager, where images of Python lack it.
pub(super) fn tool(ground: &Ground<'_>) -> Option<Tool> {
    let install = ground.facts.install.as_ref()?;
    let name = manager(install)?.tool?;
    // uv takes a bare version for exactly that one.
    let stated = install.tool_requirement.as_deref().map(str::trim).map(|stated| {
        let is_version = stated.starts_with(|c: char| c.is_ascii_digit());
        if is_version { format!("=={stated}") } else { stated.to_owned() }
    });
    let wanted = stated.as_deref().and_then(Specifiers::parse);
    let version = tools::choose(name, ground.python, wanted.as_ref())?.clone();
    // A version that the table does not have is asked for as the project asks for it.
    let other = wanted.filter(|wanted| !wanted.contains(&version) && !wanted.to_string().contains('|'));
    let requirement = match &other {
        Some(wanted) => format!("{name}{wanted}").replace(' ', ""),
        None => format!("{name}=={version}"),
    };
    Some(Tool { name, version, requirement, is_known: other.is_none() })
}
