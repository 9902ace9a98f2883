//! Answers: what was asked and could not be answered.

use super::codes;

codes! {
    ANSWER_UNKNOWN = "answer-unknown",
        "an answer that is none of its question's choices",
        "A flag or a line of djdock.toml answers a question with a word that the question does not know. The \
         message lists the words that it does. `djdock explain questions` shows every question with its flag, \
         its key in djdock.toml and what can be answered.";
    ANSWER_NOT_YET = "answer-not-yet",
        "an answer that a later version of djdock will take",
        "The choice makes sense, but this version of djdock cannot write files for it that it could vouch for. \
         Rather than writing half of them it refuses. Choose one of those that the message lists.";
    ANSWER_MALFORMED = "answer-malformed",
        "an answer that is not of the form its question needs",
        "The question takes text of a certain form: a version `X.Y`, a dotted module, a folder inside the \
         project, or a name that Compose accepts (lower-case letters, digits, `-` and `_`). What was given is not.";
    CONFIG_SYNTAX = "config-syntax",
        "djdock.toml cannot be read as TOML",
        "djdock.toml holds one answer a line, as `key = \"word\"` or `key = true`. The line that the message \
         points at is not TOML, so none of the answers can be trusted. Mend it; or delete the file, and \
         `djdock init` asks again.";
    CONFIG_KEY_UNKNOWN = "config-key-unknown",
        "djdock.toml has a key that is no question",
        "Every key of djdock.toml answers one of djdock's questions. An unknown key is an error rather than \
         ignored, because a misspelt one would otherwise silently do nothing. `djdock explain questions` lists \
         the keys.";
    CONFIG_TYPE = "config-type",
        "a value of djdock.toml is of another type than its question has",
        "Yes-no questions take `true` or `false`; all others take text in quotes, also versions: \
         `python = \"3.13\"`. Without quotes 3.10 would be the number 3.1.";
    NOTHING_TO_EXPLAIN = "nothing-to-explain",
        "there is no explanation under that name",
        "`djdock explain` knows the codes of diagnostics, the files that djdock writes for the project in the \
         current folder with their lines (`compose.yaml:12`), and a few topics. Without an argument it lists them.";
    EXAMPLE_UNKNOWN = "example-unknown",
        "there is no example project of that name",
        "`djdock demo --example NAME` knows a few projects that are built into djdock: they are small, and each \
         stands for a kind of Django project. The message lists their names.";
}
