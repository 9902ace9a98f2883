//! Files of continuous integration, and what scripts call.

use crate::base::codes::codes;

codes! {
    CI_SECRET = "ci-secret",
        "a secret stands in a file of continuous integration",
        "Workflows are committed, and everybody who can read the repository reads them; a public one is searched by \
         machines within minutes. Services of CI keep secrets encrypted, hide them in logs, and give them to a run as \
         variables. A secret that was committed once is in the history: make a new one. Passwords of throw-away \
         databases in test jobs are not reported.";
    CI_SECRET_IN_SHELL = "ci-secret-in-shell",
        "a workflow writes a secret into the text of a shell script",
        "`${{ secrets.NAME }}` is replaced before the shell sees the line. A `$` in the secret is then a variable, a quote \
         ends the text, and a backtick runs a command; `>>` adds a second copy on every run. Give the secret by `env:`, \
         where it is a value and nothing else, and write it with `printf '%s\\n' \"$NAME\"`.";
    CI_ACTION_FLOATS = "ci-action-floats",
        "a workflow runs an action from a branch",
        "`@master` is whatever the branch holds when the workflow runs. An action works with the repository's secrets and \
         its token, so whoever can push to that branch can read them. A release says what runs; only a commit's full \
         number cannot be moved afterwards.";
    MANIFEST_SECRET = "manifest-secret",
        "a requirements file holds a password",
        "An address with a user and a password in it (`https://user:password@host`) is committed with the file, and \
         copied into the image with it: whoever has either has the password. pip, Poetry, uv and Pipenv read variables in \
         addresses, and a build gets their values as secrets, which leave nothing in a layer. A password that was \
         committed once is in the history: make a new one.";
    COMPOSE_V1 = "compose-v1",
        "a script calls the first version of Compose",
        "`docker-compose`, with a hyphen, was a program of its own, written in Python. It got its last fixes in July 2023, \
         is not installed with Docker any more, and has gone from the runners of GitHub. `docker compose` is a plugin of \
         the `docker` program, reads the same files, ignores `version`, and names containers with `-` instead of `_`.";
}
