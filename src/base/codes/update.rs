//! Writing: what stands in the way.

use super::codes;

codes! {
    FILE_NOT_OURS = "file-not-ours",
        "a file that djdock would write exists and is not djdock's",
        "djdock never changes a file that it did not write unless you name it. Nothing at all was written, because \
         the files belong together: half of them would not run. Name each file that may be replaced with \
         `--replace PATH`, or all with `--replace-all`. What was there is kept beside it as `NAME.bak`.";
    ENV_LACKS_VARIABLES = "env-lacks-variables",
        "a `.env` that is not djdock's lacks variables that the stack needs",
        "Compose reads `.env` for the stack's passwords and settings. The one that is there was not written by \
         djdock, so it is not touched unless you name it: with `--replace .env` the missing variables are added at \
         its end, and nothing in it is changed. Check that what it sets already fits containers: a database host \
         of `localhost` means the container itself.";
    FILE_EDITED = "file-edited",
        "a file was edited, and djdock's text for it changed as well",
        "You edited a file that djdock wrote; since then the project, the answers or djdock changed so that \
         djdock would write it differently. Your edit is never overwritten: the file was left as it is. Look at \
         the difference, then either bring the change over by hand or take djdock's text with `--replace PATH`, \
         which keeps yours as `NAME.bak`.";
    FILE_NOT_NEEDED = "file-not-needed",
        "a file that djdock wrote earlier belongs to nothing any more",
        "The answers or the project changed, and no part of the stack uses this file now. djdock does not delete \
         files, because you may have come to use it for something else.";
    FILE_OUT_OF_DATE = "file-out-of-date",
        "a generated file is not what djdock would write now",
        "The project, the answers in djdock.toml or djdock itself changed since the files were written: a new \
         requirement may need a system package, a new setting a variable. `djdock update` writes the files again; \
         with `--dry-run --diff` it only shows what would change.";
    RECORD_UNREADABLE = "record-unreadable",
        "the record of what djdock wrote is damaged",
        "`.djdock/record.toml` lists the files that djdock wrote and a hash of each. It cannot be read: most often \
         a merge left conflict markers in it. Take either side of the merge, or restore it from version control.";
    RECORD_NEWER = "record-newer",
        "the files were written by a later version of djdock",
        "The record has a form that this version does not know. Writing over it would lose what the later version \
         needs to tell your edits from its own text.";
    NOTHING_TO_UPDATE = "nothing-to-update",
        "`djdock update` was run where djdock has not written anything",
        "`djdock update` writes again what `djdock init` wrote, with the same answers. It recognises its files by \
         the record in `.djdock/`, and there is none. Either this is another folder, or the record was not \
         committed: it belongs under version control.";
}
