//! Shell lines as the commands that they run.

use crate::catalog::server::Server;
use crate::catalog::worker;

/// One command of a shell line: `python manage.py migrate`, without its redirections' meaning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SimpleCommand {
    /// The words, without leading assignments (`A=1 python …`) and without `exec`.
    pub words: Vec<String>,
    /// Variables that are set for it alone, with their values.
    pub variables: Vec<(String, String)>,
    /// It replaces the shell, or there is none.
    pub exec: bool,
}

impl SimpleCommand {
    /// Tells whether it runs this management command of Django's.
    pub fn manages(&self, command: &str) -> bool {
        self.management() == Some(command)
    }

    /// The management command of Django's that it runs.
    pub fn management(&self) -> Option<&str> {
        let manage = self
            .words
            .iter()
            .position(|word| word.ends_with("manage.py") || word.rsplit('/').next() == Some("django-admin"));
        let rest = match manage {
            Some(at) => self.words.get(at + 1..)?,
            None => self.work().strip_prefix(&["django".to_owned()])?,
        };
        rest.iter().map(String::as_str).find(|word| !word.starts_with('-'))
    }

    /// The words from the program on that does the work: what only starts another one is left out (`poetry run`,
    /// `python -m`, `tini --`).
    pub(crate) fn work(&self) -> &[String] {
        let mut words = self.words.as_slice();
        loop {
            let flags = |words: &[String]| words.iter().take_while(|word| word.starts_with('-')).count();
            let first = words.first().map_or("", |word| last_part(word));
            let second = words.get(1).map_or("", String::as_str);
            let skip = match first {
                "poetry" | "uv" | "pipenv" | "pdm" if second == "run" => 2 + words.get(2..).map_or(0, flags),
                python if python.starts_with("python") && second == "-m" => 2,
                "tini" | "dumb-init" | "nice" => 1 + words.get(1..).map_or(0, flags),
                "gosu" | "su-exec" => 2,
                _ => 0,
            };
            match words.get(skip..) {
                Some(rest) if skip > 0 && !rest.is_empty() => words = rest,
                _ => return words,
            }
        }
    }

    /// The last part of the program's path: `pip` for `/opt/venv/bin/pip`.
    pub fn program(&self) -> &str {
        self.work().first().map_or("", |word| last_part(word))
    }

    /// Tells whether it starts an app server or a worker, which must hear the container's signals.
    pub fn serves(&self) -> bool {
        Server::of_program(self.program()).is_some() || self.program() == worker::DEFAULT.word
    }

    /// Returns the name that a person gives the server: its program, or Django's own.
    pub fn server_name(&self) -> &str {
        if self.manages("runserver") { "runserver" } else { self.program() }
    }

    /// The address that it listens on, where only the container itself can reach that: said, or the server's own
    /// default.
    pub fn loopback(&self) -> Option<String> {
        let is_runserver = self.manages("runserver");
        if !self.serves() && !is_runserver || self.program() == "celery" {
            return None;
        }
        let words = || self.words.iter().map(String::as_str);
        let local = words()
            .map(|word| word.trim_start_matches("--bind=").trim_start_matches("--host="))
            .find(|word| {
                let host = word.rsplit_once(':').map_or(*word, |(host, _)| host);
                matches!(host, "127.0.0.1" | "localhost")
            });
        if let Some(local) = local {
            return Some(local.to_owned());
        }
        // What a variable, a file or a socket says is not seen here.
        if words().any(|word| word.contains('$') || word.ends_with(".sock")) {
            return None;
        }
        let has = |flags: &[&str]| {
            words().any(|word| {
                flags.iter().any(|flag| {
                    word == *flag
                        || word
                            .strip_prefix(flag)
                            .is_some_and(|rest| rest.starts_with('=') || flag.len() == 2)
                })
            })
        };
        if is_runserver {
            let address =
                words().skip_while(|word| *word != "runserver").skip(1).find(|word| !word.starts_with('-'));
            return match address {
                None => Some("127.0.0.1:8000".to_owned()),
                Some(port) if port.chars().all(|c| c.is_ascii_digit()) => Some(format!("127.0.0.1:{port}")),
                Some(_) => None,
            };
        }
        let is_told = match self.program() {
            "uvicorn" => has(&["--host", "--uds", "--fd"]),
            "daphne" => has(&["-b", "--bind", "-u", "--unix-socket", "--fd", "-e", "--endpoint"]),
            _ => true,
        };
        (!is_told).then(|| "127.0.0.1".to_owned())
    }

    /// Tells whether it is `program subcommand …`.
    pub fn is(&self, program: &str, subcommand: &str) -> bool {
        self.program() == program
            && self
                .work()
                .iter()
                .skip(1)
                .find(|word| !word.starts_with('-'))
                .is_some_and(|word| word == subcommand)
    }
}

fn last_part(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

/// The commands of a shell script or line, in order, without following what decides between them.
///
/// Splits at `&&`, `||`, `;`, `|`, `&` and line ends outside quotes; a part whose quotes do not end is left out.
pub fn simple_commands(script: &str) -> Vec<SimpleCommand> {
    script_commands(script).into_iter().map(|placed| placed.command).collect()
}

/// A command where it stands in a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The line that it begins on, counted from 1.
    pub line: u32,
    /// True if the next command depends on how this one ends: `&&` or `||`.
    pub is_tested: bool,
    pub command: SimpleCommand,
}

/// Returns the commands like [`simple_commands`], with their places.
pub fn script_commands(script: &str) -> Vec<Placed> {
    let placed = |part: &Part| {
        Some(Placed { line: part.line, is_tested: part.is_tested, command: command(&part.text)? })
    };
    split(script).iter().filter_map(placed).collect()
}

/// Returns the commands that `shell -c script` runs.
pub fn shell_commands(shell: &str, script: &str) -> Vec<SimpleCommand> {
    let mut commands = simple_commands(script);
    // Bash puts the last command of `-c` in its own place by itself (since 5.1); Debian's `sh` and Alpine's do not.
    if last_part(shell) == "bash"
        && let Some(last) = commands.last_mut()
    {
        last.exec = true;
    }
    commands
}

fn command(part: &str) -> Option<SimpleCommand> {
    let words = shell_words::split(part).ok()?;
    let is_prefix = |word: &String| {
        matches!(
            word.as_str(),
            "then" | "do" | "else" | "!" | "{" | "(" | "if" | "while" | "sudo" | "time" | "env"
        ) || assigned(word).is_some()
    };
    let variables = words.iter().take_while(|word| is_prefix(word)).filter_map(|word| assigned(word));
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let mut words: Vec<String> = words.into_iter().skip_while(is_prefix).collect();
    let exec = words.first().is_some_and(|word| word == "exec");
    if exec {
        words.remove(0);
    }
    (!words.is_empty()).then_some(SimpleCommand { words, variables, exec })
}

/// The variable that a word sets, and to what: `A` and `1` for `A=1`.
fn assigned(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    (!name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')).then_some((name, value))
}

/// The text between two operators.
#[derive(Default)]
struct Part {
    text: String,
    /// Of its first character that is not white space.
    line: u32,
    is_tested: bool,
}

/// The parts between operators, outside quotes, without comments.
fn split(script: &str) -> Vec<Part> {
    let mut parts = vec![Part::default()];
    let mut quote = None;
    let mut previous = '\n';
    let mut line = 1;
    let mut characters = script.chars().peekable();
    while let Some(character) = characters.next() {
        let Some(part) = parts.last_mut() else { break };
        let goes_on = character == '\\' && characters.peek() == Some(&'\n');
        if part.line == 0 && !character.is_whitespace() && !goes_on {
            part.line = line;
        }
        line += u32::from(character == '\n');
        match (quote, character) {
            (Some(open), close) if open == close => {
                quote = None;
                part.text.push(close);
            }
            (None, '\'' | '"') => {
                quote = Some(character);
                part.text.push(character);
            }
            (None, '\\') => {
                // A line that goes on; anything else escaped stays escaped for the splitting into words.
                match characters.next() {
                    Some('\n') => {
                        line += 1;
                        part.text.push(' ');
                    }
                    Some(other) => part.text.extend(['\\', other]),
                    None => {}
                }
            }
            (None, '#') if previous.is_whitespace() => {
                while characters.peek().is_some_and(|next| *next != '\n') {
                    characters.next();
                }
                if part.text.trim().is_empty() {
                    part.line = 0;
                }
            }
            (None, '&' | '|' | ';' | '\n') => {
                part.is_tested = matches!(character, '&' | '|') && characters.peek() == Some(&character);
                parts.push(Part::default());
            }
            (_, other) => part.text.push(other),
        }
        previous = character;
    }
    parts.retain(|part| !part.text.trim().is_empty());
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
    fn the_address_that_only_the_container_reaches_is_said_or_the_default() {
        let bound = |line: &str| simple_commands(line)[0].loopback();
        assert_eq!(bound("gunicorn --bind=127.0.0.1:8000 x").as_deref(), Some("127.0.0.1:8000"));
        assert_eq!(bound("python manage.py runserver").as_deref(), Some("127.0.0.1:8000"));
        assert_eq!(bound("python manage.py runserver 8080").as_deref(), Some("127.0.0.1:8080"));
        assert_eq!(bound("uvicorn site.asgi:application --port 80").as_deref(), Some("127.0.0.1"));
        assert_eq!(bound("daphne -p 8000 site.asgi:application").as_deref(), Some("127.0.0.1"));
        for open in [
            "python manage.py runserver 0.0.0.0:8000",
            "python manage.py runserver $HOST",
            "uvicorn site.asgi:application --host 0.0.0.0",
            "daphne -b 0.0.0.0 site.asgi:application",
            // Its configuration file, or PORT, may say more.
            "gunicorn site.wsgi",
            "celery -A x worker",
        ] {
            assert_eq!(bound(open), None, "{open}");
        }
    }

    #[test]
    fn exec_is_noted() {
        let commands = simple_commands("python manage.py migrate && exec gunicorn site.wsgi");
        assert_eq!((commands[0].exec, commands[1].exec), (false, true));
        assert_eq!(commands[1].program(), "gunicorn");
    }

    #[test]
    fn what_only_starts_a_program_is_looked_through() {
        let programs: Vec<String> = simple_commands(
            "poetry run gunicorn x; /usr/bin/python3 -m gunicorn x; tini -- uv run -q celery -A x worker",
        )
        .iter()
        .map(|command| format!("{} {}", command.program(), command.serves()))
        .collect();
        assert_eq!(programs, ["gunicorn true", "gunicorn true", "celery true"]);
        assert!(simple_commands("python -m django compilemessages")[0].manages("compilemessages"));
        assert!(simple_commands("python -m pip install x")[0].is("pip", "install"));
    }

    #[test]
    fn each_command_knows_its_first_line() {
        let placed: Vec<String> =
            script_commands("#!/bin/sh\n\n# why\ngunicorn x \\\n  --bind y || exit 1\nwait")
                .iter()
                .map(|placed| format!("{} {} {}", placed.line, placed.is_tested, placed.command.program()))
                .collect();
        assert_eq!(placed, ["4 true gunicorn", "5 false exit", "6 false wait"]);
        let joined = script_commands("a && \\\n  b");
        assert_eq!(joined.iter().map(|placed| placed.line).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn bash_gives_its_place_to_the_last_command() {
        assert!(shell_commands("/bin/bash", "python manage.py migrate && gunicorn x").last().unwrap().exec);
        assert!(!shell_commands("sh", "python manage.py migrate && gunicorn x").last().unwrap().exec);
    }
}
