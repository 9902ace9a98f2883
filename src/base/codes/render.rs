//! Codes of `render`.

use super::codes;

codes! {
    TEMPLATE_BROKEN = "template-broken",
    "a template of djdock's own cannot be rendered",
    "djdock makes every file from a template that is part of the program. One of them asked for something that the \
     plan does not hold, or is not well formed.\n\n\
     This is always a bug in djdock: nothing in your project is wrong, and nothing was written. Report it with the \
     output of `djdock inspect --json`.";
}
