//! The machine: disk, terminal, Engine.

use super::codes;

codes! {
    NOT_A_FOLDER = "not-a-folder",
        "what was named as the project's folder is not a folder",
        "djdock works on a folder: the one that holds `manage.py`, or one above it. Name that folder, or run \
         djdock inside it without naming any.";
    FOLDER_UNREADABLE = "folder-unreadable",
        "the project's folder cannot be read",
        "The folder does not exist, or its permissions do not let you list it. djdock needs to list and read the \
         project; it never needs to be root for that. Check the path and its owner with `ls -ld`.";
    OUTPUT_UNWRITABLE = "output-unwritable",
        "what was asked for cannot be printed",
        "djdock writes data (JSON, diffs, facts) to standard output. Writing there failed for a reason other than \
         a closed pipe, most often because the disk that it is redirected to is full.";
    NO_RANDOMNESS = "no-randomness",
        "the system gives no random numbers for secrets",
        "djdock makes passwords and secret keys from the system's source of random numbers. Reading from it failed, \
         and anything weaker would be a secret only by name, so nothing was written.";
}
