//! The contract of templates and views: a template asks only for what its view holds, because Tera takes a
//! misspelt name in an `if` for "no" without a word; and it prints nothing but numbers without a filter.

use std::collections::BTreeMap;

use serde::Serialize;

use super::filters;
use super::samples::{plan, values};
use super::templates::TEMPLATES;
use super::views::compose::ComposeView;
use super::views::constraints::ConstraintsView;
use super::views::dockerfile::DockerfileView;
use super::views::document::DocumentView;
use super::views::entrypoint::EntrypointView;
use super::views::environment::EnvironmentView;
use super::views::ignore::DockerIgnoreView;
use super::views::redeploy::RedeployView;
use super::views::serving::ServingView;
use super::views::test_databases::TestDatabasesView;
use crate::catalog::Listed;
use crate::catalog::proxy::Proxy;
use crate::catalog::server::Server;

/// The shapes of a value, over every sample.
#[derive(Clone, Default)]
struct Shape {
    fields: BTreeMap<String, Shape>,
    item: Option<Box<Shape>>,
    text: bool,
}

impl Shape {
    fn add(&mut self, value: &serde_json::Value) {
        match value {
            serde_json::Value::Object(map) => {
                for (name, value) in map {
                    self.fields.entry(name.clone()).or_default().add(value);
                }
            }
            serde_json::Value::Array(items) => {
                let item = self.item.get_or_insert_with(Box::default);
                for value in items {
                    item.add(value);
                }
            }
            serde_json::Value::String(_) => self.text = true,
            serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {}
        }
    }

    fn find(&self, path: &str) -> Option<&Self> {
        path.split('.').try_fold(self, |shape, name| shape.fields.get(name))
    }
}

/// Each template that becomes a file, and the shape of its view.
fn shapes() -> BTreeMap<&'static str, Shape> {
    fn add<V: Serialize>(shapes: &mut BTreeMap<&'static str, Shape>, template: &'static str, view: &V) {
        shapes.entry(template).or_default().add(&serde_json::to_value(view).unwrap());
    }
    let (plan, values) = (plan(), values());
    let mut shapes = BTreeMap::new();
    for stack in plan.stacks() {
        add(&mut shapes, "compose/compose.yaml.tera", &ComposeView::new(plan.target.entry(), stack, true));
        let redeploy = RedeployView::new(plan.target.entry(), stack, "docker/redeploy.sh".into(), true);
        add(&mut shapes, "compose/redeploy.sh.tera", &redeploy.unwrap());
        add(&mut shapes, "project/entrypoint.sh.tera", &EntrypointView::new(&stack.entrypoint, true));
        let of_servers = Server::ALL.iter().filter_map(|server| server.configuration);
        let of_proxies = Proxy::ALL.iter().filter_map(|proxy| Some(proxy.run?.configuration));
        for configuration in of_servers.chain(of_proxies) {
            add(&mut shapes, configuration.template, &ServingView::new(stack, true));
        }
        for image in &stack.images {
            add(&mut shapes, "dockerfile/Dockerfile.tera", &DockerfileView::new(image, true, true));
        }
        if let Some(tests) = &stack.test_databases {
            add(&mut shapes, "database/mysql/test_databases.sql.tera", &TestDatabasesView::new(tests, true));
        }
    }
    for held in &plan.constraints {
        add(&mut shapes, "package_manager/constraints.txt.tera", &ConstraintsView::new(held, true));
    }
    add(&mut shapes, "project/env.tera", &EnvironmentView::new(&plan, Some(&values)));
    add(&mut shapes, "project/env.tera", &EnvironmentView::new(&plan, None));
    add(&mut shapes, "project/dockerignore.tera", &DockerIgnoreView::new(&plan));
    add(&mut shapes, "project/DOCKER.md.tera", &DocumentView::new(&plan));
    shapes
}

/// One `{{ … }}` or `{% … %}`: its words, without dashes.
struct Tag<'a> {
    prints: bool,
    words: &'a str,
    line: usize,
}

fn tags(source: &str) -> Vec<Tag<'_>> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(start) = rest.find('{') {
        let line = source.len() - rest.len() + start;
        let line = source[..line].matches('\n').count() + 1;
        rest = &rest[start..];
        let end = match rest.get(..2) {
            Some("{{") => "}}",
            Some("{%") => "%}",
            Some("{#") => "#}",
            _ => {
                rest = &rest[1..];
                continue;
            }
        };
        let length = rest.find(end).unwrap();
        if end != "#}" {
            let words = rest[2..length].trim_matches('-').trim();
            found.push(Tag { prints: end == "}}", words, line });
        }
        rest = &rest[length + 2..];
    }
    found
}

/// A walk through a template and the pieces that it includes.
struct Walk<'a> {
    /// Loop variables, the innermost last.
    scope: Vec<(&'a str, Shape)>,
    view: &'a Shape,
    wrong: Vec<String>,
}

impl<'a> Walk<'a> {
    fn template(&mut self, name: &str) {
        let Some((_, source)) = TEMPLATES.iter().find(|(known, _)| *known == name) else {
            self.wrong.push(format!("{name} is included and not there"));
            return;
        };
        // Docker's own templates have the same brackets: they stand in `raw`, and are no tags.
        let mut is_raw = false;
        for tag in tags(source) {
            let ends = !tag.prints && tag.words == "endraw";
            if is_raw || ends {
                is_raw &= !ends;
                continue;
            }
            is_raw = !tag.prints && tag.words == "raw";
            if is_raw {
                continue;
            }
            let place = format!("{name}:{}", tag.line);
            if tag.prints { self.printed(&place, tag.words) } else { self.block(&place, tag.words) }
        }
    }

    fn printed(&mut self, place: &str, words: &str) {
        let mut parts = words.split('|').map(str::trim);
        let shape = self.resolve(place, parts.next().unwrap_or_default());
        let filters: Vec<&str> = parts.collect();
        for filter in &filters {
            if !filters::names().any(|known| known == *filter) {
                self.wrong.push(format!("{place}: there is no filter `{filter}`"));
            }
        }
        if filters.is_empty() && shape.is_some_and(|shape| shape.text) {
            self.wrong.push(format!("{place}: `{words}` is text and goes through no filter"));
        }
    }

    fn block(&mut self, place: &str, words: &'a str) {
        let (verb, rest) = words.split_once(' ').unwrap_or((words, ""));
        match verb {
            "if" | "elif" => {
                for name in rest.split(" and ").flat_map(|name| name.split(" or ")) {
                    let name = name.trim().trim_start_matches("not ");
                    self.resolve(place, name);
                }
            }
            "for" => {
                let (variable, list) = rest.split_once(" in ").unwrap();
                let item = self.resolve(place, list.trim()).and_then(|shape| shape.item);
                if item.is_none() {
                    self.wrong.push(format!("{place}: `{list}` is no list"));
                }
                self.scope.push((variable.trim(), item.map(|item| *item).unwrap_or_default()));
            }
            "endfor" => {
                self.scope.pop();
            }
            "include" => self.template(rest.trim_matches('"')),
            "else" | "endif" => {}
            other => self.wrong.push(format!("{place}: templates decide nothing, and `{other}` does")),
        }
    }

    fn resolve(&mut self, place: &str, name: &str) -> Option<Shape> {
        if name.starts_with("loop.") {
            return None;
        }
        let (first, rest) = name.split_once('.').map_or((name, None), |(first, rest)| (first, Some(rest)));
        let of_loop = self.scope.iter().rev().find(|(variable, _)| *variable == first);
        let found = match (of_loop, rest) {
            (Some((_, shape)), Some(rest)) => shape.find(rest),
            (Some((_, shape)), None) => Some(shape),
            (None, _) => self.view.find(name),
        };
        let found = found.cloned();
        if found.is_none() {
            self.wrong.push(format!("{place}: the view holds no `{name}`"));
        }
        found
    }
}

fn wrong(template: &str, view: &Shape) -> Vec<String> {
    let mut walk = Walk { scope: Vec::new(), view, wrong: Vec::new() };
    walk.template(template);
    walk.wrong
}

#[test]
fn every_name_in_a_template_is_in_its_view() {
    let shapes = shapes();
    for (name, _) in TEMPLATES.iter().filter(|(name, _)| !name.contains("/_")) {
        let shape = shapes.get(name).unwrap_or_else(|| panic!("no sample of the view of {name}"));
        assert_eq!(wrong(name, shape), Vec::<String>::new());
    }
}

#[test]
fn every_piece_is_included_by_a_template() {
    for (piece, _) in TEMPLATES.iter().filter(|(name, _)| name.contains("/_")) {
        let include = format!("include \"{piece}\"");
        assert!(TEMPLATES.iter().any(|(_, source)| source.contains(&include)), "nothing includes {piece}");
    }
}

#[test]
fn a_misspelt_name_and_a_bare_value_are_found() {
    let mut view = Shape::default();
    view.add(&serde_json::json!({ "name": "x", "port": 1, "list": [{ "a": "b" }] }));
    let check = |source: &'static str, expected: &[&str]| {
        let mut walk = Walk { scope: Vec::new(), view: &view, wrong: Vec::new() };
        for tag in tags(source) {
            if tag.prints { walk.printed("t", tag.words) } else { walk.block("t", tag.words) }
        }
        assert_eq!(walk.wrong, expected, "{source}");
    };
    check("{{ name | yaml }} {{ port }} {% for x in list %}{{ x.a | sh }}{% endfor %}", &[]);
    check("{% if nme %}{% endif %}", &["t: the view holds no `nme`"]);
    check("{% for x in list %}{{ x.b | sh }}{% endfor %}", &["t: the view holds no `x.b`"]);
    check("{{ name }}", &["t: `name` is text and goes through no filter"]);
    check("{{ name | upper }}", &["t: there is no filter `upper`"]);
    check("{% set x = 1 %}", &["t: templates decide nothing, and `set` does"]);
}
