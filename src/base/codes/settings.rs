//! Settings: what the evaluator met.

use super::codes;

codes! {
    SETTINGS_NOT_PYTHON_3 = "settings-not-python-3",
        "a settings file holds something that is not Python 3",
        "djdock reads settings with a parser of current Python that goes on after what it does not understand. A \
         file of Python 2, a merge conflict or a half-typed line is therefore read as far as possible, but what \
         stands in the broken statement is missing. The interpreter in the container will refuse the file: mend \
         the line, or choose a Python version that still reads it.";
    SETTINGS_TOO_LARGE = "settings-too-large",
        "evaluating the settings was given up after too many steps",
        "djdock evaluates settings without running them, and limits how many steps, how much nesting and how many \
         items that may take, so that no input makes it hang. Settings of real projects stay far below. Where the \
         limit is met, what was found so far is used and the rest is unknown: answer the questions that remain, or \
         state the answers in djdock.toml.";
}
