//! Shell lines as the commands that they run.

/// One command of a shell line: `python manage.py migrate`, without its redirections' meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimpleCommand {
    /// The words, without leading assignments (`A=1 python …`) and without `exec`.
    pub words: Vec<String>,
    /// It replaces the shell, or there is none.
    pub exec: bool,
}

impl SimpleCommand {
    /// Whether it runs this management command of Django's.
    pub fn manages(&self, command: &str) -> bool {
        let manage =
            self.words.iter().position(|word| word.ends_with("manage.py") || word.ends_with("django-admin"));
        manage.is_some_and(|at| self.words.get(at + 1).is_some_and(|word| word == command))
    }

    /// The last part of the program's path: `pip` for `/opt/venv/bin/pip`.
    pub fn program(&self) -> &str {
        self.words.first().map_or("", |word| word.rsplit('/').next().unwrap_or(word))
    }

    /// Whether it is `program subcommand …`.
    pub fn is(&self, program: &str, subcommand: &str) -> bool {
        self.program() == program
            && self
                .words
                .iter()
                .skip(1)
                .find(|word| !word.starts_with('-'))
                .is_some_and(|word| word == subcommand)
    }
}

/// The commands of a shell script or line, in order, without following what decides between them.
///
/// Splits at `&&`, `||`, `;`, `|`, `&` and line ends outside quotes; a part whose quotes do not end is left out.
pub fn simple_commands(script: &str) -> Vec<SimpleCommand> {
    split(script).iter().filter_map(|part| command(part)).collect()
}

fn command(part: &str) -> Option<SimpleCommand> {
    let words = shell_words::split(part).ok()?;
    let is_prefix = |word: &String| {
        matches!(
            word.as_str(),
            "then" | "do" | "else" | "!" | "{" | "(" | "if" | "while" | "sudo" | "set" | "time"
        ) && word != "set"
            || word.split_once('=').is_some_and(|(name, _)| {
                !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            })
    };
    let mut words: Vec<String> = words.into_iter().skip_while(is_prefix).collect();
    let exec = words.first().is_some_and(|word| word == "exec");
    if exec {
        words.remove(0);
    }
    (!words.is_empty()).then_some(SimpleCommand { words, exec })
}

/// The parts between operators, outside quotes, without comments.
fn split(script: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quote = None;
    let mut previous = '\n';
    let mut characters = script.chars().peekable();
    while let Some(character) = characters.next() {
        let Some(part) = parts.last_mut() else { break };
        match (quote, character) {
            (Some(open), close) if open == close => {
                quote = None;
                part.push(close);
            }
            (None, '\'' | '"') => {
                quote = Some(character);
                part.push(character);
            }
            (None, '\\') => {
                // A line that goes on; anything else escaped stays escaped for the splitting into words.
                match characters.next() {
                    Some('\n') => part.push(' '),
                    Some(other) => part.extend(['\\', other]),
                    None => {}
                }
            }
            (None, '#') if previous.is_whitespace() => {
                while characters.peek().is_some_and(|next| *next != '\n') {
                    characters.next();
                }
            }
            (None, '&' | '|' | ';' | '\n') => parts.push(String::new()),
            (_, other) => part.push(other),
        }
        previous = character;
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(script: &str) -> Vec<String> {
        simple_commands(script).iter().map(|command| command.words.join(" ")).collect()
    }

    #[test]
    fn a_line_is_split_at_operators_outside_quotes() {
        assert_eq!(words("a && b 'c && d' || e; f | g"), ["a", "b c && d", "e", "f", "g"]);
        assert_eq!(words("A=1 python \\\n  manage.py migrate # why"), ["python manage.py migrate"]);
        assert_eq!(
            words("if python manage.py check; then\n  exec gunicorn x\nfi"),
            ["python manage.py check", "gunicorn x", "fi"]
        );
        assert!(words("echo 'never ends").is_empty());
    }

    #[test]
    fn management_commands_are_known_by_their_place() {
        let commands = simple_commands("python3 ./manage.py migrate --noinput && echo migrate");
        assert!(commands[0].manages("migrate"));
        assert!(!commands[1].manages("migrate"));
    }

    #[test]
    fn exec_is_noted() {
        let commands = simple_commands("python manage.py migrate && exec gunicorn site.wsgi");
        assert_eq!((commands[0].exec, commands[1].exec), (false, true));
        assert_eq!(commands[1].program(), "gunicorn");
    }
}
