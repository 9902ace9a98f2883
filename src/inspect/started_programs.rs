//! Programs that code starts under names that are written down: `subprocess.run(["ffmpeg", …])`.

use super::facts::StartedProgram;
use crate::python::scan::{Call, Expression, Scan};

/// Words of which a file that starts a program holds at least one.
pub(super) const WORDS: &[&str] = &["subprocess", "os.system", "os.popen", "shutil.which", "from shutil"];

/// Functions that start a program; the flag says that they ask a shell, which does not fail where the program is missing.
const CALLS: &[(&str, bool)] = &[
    ("subprocess.run", false),
    ("subprocess.call", false),
    ("subprocess.check_call", false),
    ("subprocess.check_output", false),
    ("subprocess.Popen", false),
    ("subprocess.getoutput", true),
    ("subprocess.getstatusoutput", true),
    ("asyncio.create_subprocess_exec", false),
    ("asyncio.create_subprocess_shell", true),
    ("os.system", true),
    ("os.popen", true),
    ("shutil.which", true),
];

/// Returns the programs in the order of the lines.
pub(super) fn of(scan: &Scan) -> Vec<StartedProgram> {
    let started = |call: &Call| {
        let full = scan.full_name(&call.callee);
        let (_, asks_shell) = CALLS.iter().find(|(name, _)| *name == full)?;
        let first = call.arguments.first().or_else(|| {
            call.keywords.iter().find(|(name, _)| name == "args" || name == "cmd").map(|(_, value)| value)
        })?;
        let name = program(scan, first)?;
        let in_shell =
            call.keywords.iter().any(|(name, value)| name == "shell" && *value == Expression::Bool(true));
        let is_optional = *asks_shell || in_shell || call.context.tried;
        Some(StartedProgram { name, is_optional, place: scan.place(call.line) })
    };
    scan.calls.iter().filter_map(started).collect()
}

/// The program of a command: the first word of a text, the first item of a list, or what a name is bound to.
fn program(scan: &Scan, command: &Expression) -> Option<String> {
    match command {
        Expression::Str(text) => first_word(text),
        Expression::List(items) => items.first().and_then(Expression::as_str).and_then(first_word),
        // `["ffmpeg", "-i"] + more`, f"ffmpeg -i {path}"
        Expression::Joined(parts) => match parts.first()? {
            list @ Expression::List(_) => program(scan, list),
            // The last word may go on in the next part.
            Expression::Str(text) if text.trim_start().contains(' ') => first_word(text),
            _ => None,
        },
        Expression::Name(name) => {
            let mut bound = scan.bindings.iter().filter(|one| one.target == *name && one.key.is_none());
            match (bound.next(), bound.next()) {
                (Some(only), None) if !matches!(only.value, Expression::Name(_)) => {
                    program(scan, &only.value)
                }
                _ => None,
            }
        }
        _ => None,
    }
}

fn first_word(command: &str) -> Option<String> {
    let word = command.split_whitespace().find(|word| !word.contains('='))?;
    let name = word.rsplit('/').next().unwrap_or(word);
    // A script of the project's own is there, and `$PROGRAM` is not known.
    let is_own = word.contains('/') && !word.starts_with('/');
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.+".contains(c)) && !name.is_empty();
    (is_name && !is_own && !name.contains(".py") && !name.contains(".sh")).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::scan::scan;

    fn found(text: &str) -> Vec<String> {
        let shown = |one: StartedProgram| format!("{}{}", one.name, if one.is_optional { "?" } else { "" });
        of(&scan("shop/media.py".into(), text)).into_iter().map(shown).collect()
    }

    #[test]
    fn programs_are_found_however_they_are_started() {
        assert_eq!(
            found("import subprocess\nsubprocess.run(['ffmpeg', '-i', path], check=True)\n"),
            ["ffmpeg"]
        );
        assert_eq!(
            found("from subprocess import Popen as start, PIPE\nstart(('/usr/bin/pandoc', name))\n"),
            ["pandoc"]
        );
        assert_eq!(found("import os\nos.system(f'convert {name} out.png')\n"), ["convert?"]);
        assert_eq!(found("import subprocess\nsubprocess.call('gs -q', shell=True)\n"), ["gs?"]);
        assert_eq!(
            found("import subprocess as sp\ncommand = ['pdftotext', name]\nsp.check_output(command)\n"),
            ["pdftotext"]
        );
        assert_eq!(
            found("import subprocess\nsubprocess.run(['tesseract', name] + options)\n"),
            ["tesseract"]
        );
        assert_eq!(found("import shutil\nif shutil.which('exiftool'):\n    pass\n"), ["exiftool?"]);
        assert_eq!(
            found("import subprocess\ntry:\n    subprocess.run(['dot'])\nexcept OSError:\n    pass\n"),
            ["dot?"]
        );
    }

    #[test]
    fn what_is_not_written_down_or_is_the_projects_own_is_none() {
        for text in [
            "import subprocess\nsubprocess.run([settings.FFMPEG, '-i'])\n",
            "import subprocess\nsubprocess.run(['./bin/render', name])\n",
            "import subprocess\nsubprocess.run(command)\n",
            "import subprocess\nsubprocess.run([sys.executable, 'manage.py'])\n",
            "import subprocess\nsubprocess.run(['scripts/import.sh'])\n",
            "import os\nos.system(f'{program} -x')\n",
            "import subprocess\nsubprocess.run(f'{folder}/x')\n",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }
}
