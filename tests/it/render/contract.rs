//! What holds for every template, whoever edits it.

use std::collections::BTreeMap;

use crate::support::repository::{files_ending, read};

fn templates() -> Vec<String> {
    files_ending("templates", ".tera")
}

fn is_piece(path: &str) -> bool {
    path.rsplit('/').next().unwrap().starts_with('_')
}

#[test]
fn every_template_is_part_of_the_program() {
    let list = read("src/render/templates.rs");
    for template in templates() {
        let name = template.strip_prefix("templates/").unwrap();
        let line = format!("(\"{name}\", include_str!(\"../../templates/{name}\")),");
        let is_listed = list.contains(&format!("include_str!(\"../../{template}\")"));
        assert!(is_listed, "{template} is new: add this to src/render/templates.rs\n    {line}");
    }
}

#[test]
fn every_template_says_first_what_it_makes() {
    for template in templates() {
        let text = read(&template);
        let first = text.lines().next().unwrap_or_default();
        let form =
            if is_piece(&template) { ["{# piece: ", "reads `"] } else { ["{# makes: ", " — reads: "] };
        assert!(form.iter().all(|part| first.contains(part)), "{template} begins with {first}");
        assert!(text.ends_with('\n') && !text.contains('\r'), "{template} has line ends that are not LF");
    }
}

#[test]
fn table_of_templates_is_current() {
    let readme = read("templates/README.md");
    let mut table: BTreeMap<String, (String, String)> = BTreeMap::new();
    for row in readme.lines().filter(|line| line.contains(".tera` | ")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        table.insert(format!("templates/{}", cells[0].trim_matches('`')), (cells[1].into(), cells[2].into()));
    }
    let says = |template: &String| {
        let text = read(template);
        let line =
            text.lines().next()?.strip_prefix("{# makes: ")?.split(['-', '#']).next()?.trim().to_owned();
        let (makes, reads) = line.split_once(" — reads: ")?;
        Some((template.clone(), (makes.to_owned(), reads.to_owned())))
    };
    let current: BTreeMap<_, _> =
        templates().iter().filter(|path| !is_piece(path)).filter_map(says).collect();
    assert_eq!(table, current);
}

#[test]
fn table_of_filters_is_current() {
    let readme = read("templates/README.md");
    let table = readme.split("| filter | for |").nth(1).unwrap().split("\n\n").next().unwrap();
    for line in read("src/render/filters/mod.rs").lines().filter(|line| line.starts_with("    (\"")) {
        let name = line.split('"').nth(1).unwrap();
        assert!(
            table.contains(&format!("`{name}`")),
            "templates/README.md does not explain the filter `{name}`"
        );
    }
    assert!(table.contains("`exec`"));
}
