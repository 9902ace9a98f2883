//! Shell commands in build files of any kind, one at a time.

/// Every command and the line on which its statement starts: lines that end in a backslash belong together, comments
/// are left out, and what `&&`, `;`, `|` and backquotes separate are commands of their own. Words stay as written.
pub fn commands(text: &str) -> Vec<(u32, String)> {
    let mut found = Vec::new();
    let mut joined = String::new();
    let mut first = 0;
    for (number, line) in (1_u32..).zip(text.lines()) {
        if joined.is_empty() {
            first = number;
        }
        let line = line.trim();
        // Docker takes comments inside a statement, too.
        if line.starts_with('#') {
            continue;
        }
        joined.push_str(line.trim_end_matches('\\'));
        if line.ends_with('\\') {
            joined.push(' ');
            continue;
        }
        let statement = std::mem::take(&mut joined);
        let commands =
            statement.split(['&', ';', '|', '`']).map(str::trim).filter(|command| !command.is_empty());
        found.extend(commands.map(|command| (first, command.to_owned())));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_over_several_lines_are_one_and_their_commands_several() {
        let text =
            "# no\nRUN apt-get update \\\n  # why\n  && apt-get install a \\\n  b; rm -r x\nCMD [\"y\"]\n";
        let found: Vec<(u32, String)> = commands(text);
        let found: Vec<(u32, &str)> = found.iter().map(|(line, command)| (*line, command.as_str())).collect();
        assert_eq!(
            found,
            [(2, "RUN apt-get update"), (2, "apt-get install a  b"), (2, "rm -r x"), (6, "CMD [\"y\"]")]
        );
    }
}
