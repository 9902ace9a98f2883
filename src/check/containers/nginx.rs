//! nginx's files, by what they hold and by where containers have them.

use camino::{Utf8Path, Utf8PathBuf};

use super::container::Container;
use super::paths::inside;
use crate::base::{Place, Tree, path};
use crate::check::is_made_by_djdock;

/// A directive with its words, and what stands in its braces.
#[derive(Clone, Debug, Default)]
pub struct Directive {
    pub words: Vec<String>,
    pub line: u32,
    pub block: Vec<Directive>,
}

/// A file of nginx's.
#[derive(Debug)]
pub struct NginxFile {
    pub path: Utf8PathBuf,
    pub directives: Vec<Directive>,
}

/// Folders where nginx and its images look for files.
const FOLDERS: [&str; 5] =
    ["/etc/nginx", "/usr/local/nginx", "/opt/bitnami/nginx", "/usr/local/openresty", "/etc/angie"];

impl Directive {
    pub fn name(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    /// Returns the words behind the name.
    pub fn arguments(&self) -> &[String] {
        self.words.get(1..).unwrap_or_default()
    }

    /// The first word after the name.
    pub fn argument(&self) -> Option<&str> {
        self.arguments().first().map(String::as_str)
    }

    /// The first directive of that name directly in its braces.
    pub fn get(&self, name: &str) -> Option<&Directive> {
        self.block.iter().find(|directive| directive.name() == name)
    }
}

impl NginxFile {
    pub fn place(&self, directive: &Directive) -> Place {
        Place::line(&self.path, directive.line)
    }

    /// Calls `each` for every directive, with those that it stands in, the outermost first.
    pub fn visit<'a>(&'a self, each: &mut impl FnMut(&'a Directive, &[&'a Directive])) {
        fn walk<'a>(
            directives: &'a [Directive],
            above: &mut Vec<&'a Directive>,
            each: &mut impl FnMut(&'a Directive, &[&'a Directive]),
        ) {
            for directive in directives {
                each(directive, above);
                above.push(directive);
                walk(&directive.block, above, each);
                above.pop();
            }
        }
        walk(&self.directives, &mut Vec::new(), each);
    }
}

/// Every file of the project that is nginx's by what it holds.
pub fn nginx_files(tree: &Tree) -> Vec<NginxFile> {
    const EXTENSIONS: [&str; 8] = ["conf", "template", "tpl", "tmpl", "nginx", "vhost", "inc", "in"];
    let may_be =
        |file: &Utf8Path| path::extension(file).is_none_or(|extension| EXTENSIONS.contains(&extension));
    let files = tree.files().filter(|file| may_be(file));
    files.filter_map(|file| read(file, tree.text(file)?)).collect()
}

fn read(file: &Utf8Path, text: &str) -> Option<NginxFile> {
    // What another program fills in is no configuration yet.
    let is_template = text.contains("{{") || text.contains("{%");
    let speaks = ["location", "upstream", "proxy_pass", "uwsgi_pass"].iter().any(|word| text.contains(word));
    if !speaks || is_template || text.starts_with("#!") || is_made_by_djdock(text) {
        return None;
    }
    let directives = parse(text);
    let is_block = |directive: &Directive| {
        matches!(directive.name(), "server" | "http" | "location" | "upstream") && !directive.block.is_empty()
    };
    directives.iter().any(is_block).then(|| NginxFile { path: file.to_owned(), directives })
}

/// The directives of a text. What is not closed ends with the text.
fn parse(text: &str) -> Vec<Directive> {
    let mut open: Vec<Directive> = vec![Directive::default()];
    let mut words: Vec<String> = Vec::new();
    let mut first = 0;
    for (word, line) in tokens(text) {
        match word.as_str() {
            ";" | "{" | "}" => {
                let words = std::mem::take(&mut words);
                let directive = Directive { words, line: first, block: Vec::new() };
                if word == "{" {
                    open.push(directive);
                } else {
                    if let Some(around) = open.last_mut().filter(|_| !directive.words.is_empty()) {
                        around.block.push(directive);
                    }
                    if word == "}" && open.len() > 1 {
                        close(&mut open);
                    }
                }
            }
            _ => {
                if words.is_empty() {
                    first = line;
                }
                words.push(word);
            }
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().map(|root| root.block).unwrap_or_default()
}

fn close(open: &mut Vec<Directive>) {
    if let Some(closed) = open.pop()
        && let Some(around) = open.last_mut()
    {
        around.block.push(closed);
    }
}

/// The words and marks of a text, with their lines.
fn tokens(text: &str) -> Vec<(String, u32)> {
    let mut found: Vec<(String, u32)> = Vec::new();
    let mut word = String::new();
    let mut quote: Option<char> = None;
    let mut line = 1;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            (Some(_), other) => word.push(other),
            (None, '"' | '\'') if word.is_empty() => quote = Some(character),
            (None, '#') if word.is_empty() => {
                while characters.peek().is_some_and(|next| *next != '\n') {
                    characters.next();
                }
            }
            (None, '$') if characters.peek() == Some(&'{') => {
                word.push('$');
                for next in characters.by_ref() {
                    word.push(next);
                    if next == '}' {
                        break;
                    }
                }
            }
            (None, ';' | '{' | '}') => {
                if !word.is_empty() {
                    found.push((std::mem::take(&mut word), line));
                }
                found.push((character.to_string(), line));
            }
            (None, space) if space.is_whitespace() => {
                if !word.is_empty() {
                    found.push((std::mem::take(&mut word), line));
                }
            }
            (None, other) => word.push(other),
        }
        line += u32::from(character == '\n');
    }
    found
}

/// Tells whether a container reads a file as nginx's: it lies where nginx looks, or a command names it.
pub fn reads(container: &Container<'_>, file: &Utf8Path) -> bool {
    container.places_of(file).iter().any(|place| {
        let is_nginxs = FOLDERS.iter().any(|folder| inside(place, folder).is_some());
        is_nginxs || container.runs.iter().any(|run| run.command.words.iter().any(|word| word == place))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_have_their_lines_and_blocks() {
        let text = "# head\nserver {\n  listen ${PORT};\n  location ^~ /static/ { alias '/srv/a b/'; }\n}\n";
        let found = parse(text);
        assert_eq!(found[0].name(), "server");
        assert_eq!(found[0].block[0].words, ["listen", "${PORT}"]);
        let location = &found[0].block[1];
        assert_eq!((location.line, location.argument()), (4, Some("^~")));
        assert_eq!(location.get("alias").unwrap().argument(), Some("/srv/a b/"));
    }

    #[test]
    fn files_are_known_by_what_they_hold() {
        let site = "server { location / { proxy_pass http://a; } }\n";
        let tree = Tree::from_literals([
            ("deploy/site.conf", site),
            ("proxy/default", site),
            ("proxy/other.conf.tpl", site),
            ("ansible/site.conf.j2", "server { listen {{ port }}; location / {} }\n"),
            ("logging.conf", "[loggers]\nkeys=root\n"),
            ("code.py", site),
        ]);
        let files: Vec<String> = nginx_files(&tree).iter().map(|file| file.path.to_string()).collect();
        assert_eq!(files, ["deploy/site.conf", "proxy/default", "proxy/other.conf.tpl"]);
    }
}
