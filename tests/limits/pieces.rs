//! Any text at all is evaluated to an end.

use proptest::prelude::*;

use crate::measure::ends;

/// Pieces of which programs are put together.
const PIECES: &[&str] = &[
    "import os\n",
    "A",
    "B",
    " = ",
    "os.environ",
    "['X']",
    ".get('X', 'y')",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ", ",
    ": ",
    "\n",
    "\n    ",
    "if ",
    "else:\n    ",
    "for A in ",
    "while ",
    "def f(A, *B, **C):\n    ",
    "return ",
    "class C(A):\n    ",
    "try:\n    ",
    "except KeyError:\n    ",
    "raise ",
    "lambda: ",
    "yield ",
    "f'{A!r:>{B}}'",
    "'a'",
    "1",
    "None",
    " + ",
    " % ",
    " and ",
    " or ",
    " not in ",
    " is ",
    "*",
    "**",
    "f(",
    "A.append(",
    ".format(",
    "del ",
    "global A\n",
    "with ",
    " as B",
    "globals()",
    "super()",
    "import settings\n",
    "from . import ",
    "match A:\n    case ",
    ":=",
    "@property\n",
    "-9223372036854775807",
    "[::-1]",
    ".split(",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_pieces_of_python_end(picked in prop::collection::vec(prop::sample::select(PIECES), 1..60)) {
        ends("pieces", &[("settings.py", &picked.concat())]);
    }

    #[test]
    fn any_text_ends(text in "\\PC{0,200}") {
        ends("text", &[("settings.py", &text)]);
    }
}
