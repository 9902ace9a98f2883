//! Settings: what the evaluator met.

use super::codes;

codes! {
    SETTINGS_NOT_PYTHON_3 = "settings-not-python-3",
        "a settings file holds something that is not Python 3",
        "djdock reads settings with a parser of current Python that goes on after what it does not understand. \
         But the interpreter in the container refuses a file of Python 2, with a merge conflict or with a half-typed \
         line, and whatever imports it: so nothing is written before the line is mended.";
    SETTINGS_UNREADABLE = "settings-unreadable",
        "a settings file, or `manage.py`, is nothing that Python reads",
        "Python takes a file for source only if it is text in UTF-8, or in the encoding that its first lines name, without \
         NUL bytes. A file that an editor saved as UTF-16, that was damaged, or that is binary data is refused when it is \
         imported, and djdock cannot know what it sets. djdock itself reads no source file of more than 512 KiB. Save the file \
         as UTF-8, restore it from version control, or take large data out of it; nothing is written before.";
    SETTINGS_TOO_LARGE = "settings-too-large",
        "evaluating the settings was given up after too many steps",
        "djdock evaluates settings without running them, and limits how many steps, how much nesting and how many \
         items that may take, so that no input makes it hang. Settings of real projects stay far below. Where the \
         limit is met, what was found so far is used and the rest is unknown: answer the questions that remain, or \
         state the answers in djdock.toml.";
    SETTINGS_READER_FAILED = "settings-reader-failed",
        "djdock broke down while it read the settings",
        "The part of djdock that evaluates settings met something that it was not made for, and stopped there. That \
         is a defect of djdock, not of the project. What was read of the settings up to that point is used, what \
         comes after it is unknown: djdock asks about it, or takes it from djdock.toml. Please report it together \
         with the smallest settings file that shows it; the lines that begin with `thread` say where djdock stopped.";
    SETTINGS_NO_THREAD = "settings-no-thread",
        "the settings could not be evaluated for want of memory or processes",
        "djdock evaluates settings on a thread of its own, for which the system must reserve 256 MB of addresses: \
         not memory, of which little is used, but a limit on addresses (`ulimit -v`) or on processes \
         (`ulimit -u`, a container's pids limit) can refuse it. Nothing is known of the settings then.";
}
