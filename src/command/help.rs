//! Examples of each command, which its help begins with: they are read first, and often alone.

use clap::Command;

/// A command line that can be typed as it stands, and what comes of it.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    pub line: &'static str,
    pub does: &'static str,
}

const fn example(line: &'static str, does: &'static str) -> Example {
    Example { line, does }
}

/// The examples of each command, by its name.
pub const EXAMPLES: &[(&str, &[Example])] = &[
    (
        "djdock",
        &[
            example("djdock demo", "write a small Django project and its container files, to look at"),
            example("djdock init", "in your project: ask what is open, show the files, write them"),
            example("djdock smoke prod", "build and start the production stack, check it, remove it"),
        ],
    ),
    (
        "init",
        &[
            example("djdock init", "ask what is open, show the files, write them"),
            example("djdock init --yes", "ask nothing, and take what djdock suggests"),
            example("djdock init --dry-run --diff", "write nothing, and show each line that would change"),
            example("djdock init --yes --proxy caddy", "answer a question in advance"),
            example(
                "djdock init --yes --verbose shop",
                "in the folder shop, with the reason of each decision",
            ),
        ],
    ),
    (
        "inspect",
        &[
            example("djdock inspect", "show each fact with the file and line that it stands on"),
            example("djdock inspect --json > facts.json", "the same for programs"),
        ],
    ),
    (
        "check",
        &[
            example("djdock check", "say what does not work in a container, and what is out of date"),
            example("djdock check --quiet", "errors and warnings only, for CI"),
            example("djdock check --sarif > djdock.sarif", "the same for code hosts and editors"),
        ],
    ),
    (
        "update",
        &[
            example("djdock update", "write the files again after the project or djdock changed"),
            example("djdock update --dry-run --diff", "show what that would change"),
            example("djdock update --conflict ours", "keep your lines where both changed the same ones"),
            example("djdock update --server uvicorn", "change one answer"),
        ],
    ),
    (
        "smoke",
        &[
            example("djdock smoke", "prove that the production stack works"),
            example("djdock smoke dev --keep", "leave the development stack running, to look around"),
            example("djdock smoke --remove all", "remove every stack that was left running"),
            example("djdock smoke prod --junit smoke.xml", "a report for CI"),
        ],
    ),
    (
        "demo",
        &[
            example("djdock demo", "write the project polls into the new folder polls"),
            example("djdock demo /tmp/shop --example shop", "another project, in another folder"),
        ],
    ),
    (
        "explain",
        &[
            example("djdock explain", "list everything that can be explained"),
            example("djdock explain compose.yaml:12", "why is this line there?"),
            example("djdock explain settings-unresolved", "a message, by the code in its brackets"),
            example("djdock explain questions --lang ko", "every question, its flag and its key, in Korean"),
        ],
    ),
    (
        "schema",
        &[example("djdock schema > djdock.schema.json", "lets an editor complete and check djdock.toml")],
    ),
    (
        "completions",
        &[
            example("djdock completions bash > ~/.local/share/bash-completion/completions/djdock", ""),
            example("djdock completions zsh > ~/.zfunc/_djdock", "with ~/.zfunc in $fpath"),
            example("djdock completions fish > ~/.config/fish/completions/djdock.fish", ""),
            example("djdock completions powershell >> $PROFILE", ""),
        ],
    ),
    (
        "man",
        &[
            example("djdock man > ~/.local/share/man/man1/djdock.1", "then: man djdock"),
            example("djdock man init > ~/.local/share/man/man1/djdock-init.1", "the page of one command"),
        ],
    ),
];

/// Returns the examples of the command called `name`.
pub fn examples(name: &str) -> &'static [Example] {
    EXAMPLES.iter().find(|(of, _)| *of == name).map_or(&[], |(_, examples)| examples)
}

/// The purpose, the examples, the usage, and last the options.
const TEMPLATE: &str = "{about-with-newline}\n{before-help}{usage-heading} {usage}\n\n{all-args}{after-help}";

/// Returns the command line with examples at the head of each help page.
#[must_use]
pub fn with_examples(command: Command) -> Command {
    let name = command.get_name().to_owned();
    taught(command, &name).mut_subcommands(|command| {
        let name = command.get_name().to_owned();
        taught(command, &name)
    })
}

fn taught(command: Command, name: &str) -> Command {
    let style = *command.get_styles().get_header();
    let text = format!("{style}Examples:{style:#}\n{}", lines(examples(name)));
    command.before_help(text).help_template(TEMPLATE)
}

/// The widest line of a help page, as far as examples decide.
const WIDEST: usize = 100;

/// Returns the examples, one below the other, each with its purpose beside it, or above it where the line is long.
fn lines(examples: &[Example]) -> String {
    let longest = examples.iter().map(|example| example.line.len()).max().unwrap_or(0);
    let purpose = examples.iter().map(|example| example.does.len()).max().unwrap_or(0);
    let fits = longest + purpose + "    # ".len() <= WIDEST;
    let line = |example: &Example| match (example.does, fits) {
        ("", _) => format!("  {}", example.line),
        (does, true) => format!("  {:longest$}  # {does}", example.line),
        (does, false) => format!("  # {does}\n  {}", example.line),
    };
    examples.iter().map(line).collect::<Vec<_>>().join("\n")
}
