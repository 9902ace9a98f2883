//! Any text at all is evaluated to an end, without a panic.

use camino::Utf8PathBuf;
use djdock::base::Tree;
use djdock::python::{Evaluation, Request, World, evaluate};
use proptest::prelude::*;

fn evaluated(source: &str) -> Evaluation {
    let tree = Tree::from_literals([("settings.py", source)]);
    let roots = [Utf8PathBuf::from(".")];
    evaluate(&Request { tree: &tree, roots: &roots, module: "settings", class: None, world: World::Open })
}

/// A panic inside the evaluator is caught there and leaves nothing, not even the module that was asked for.
fn ends(source: &str) {
    let found = evaluated(source);
    assert!(found.modules.iter().any(|module| module.dotted == "settings"), "panicked on:\n{source}");
}

#[test]
fn deep_nesting_ends() {
    for (open, close) in
        [("(", ")"), ("[", "]"), ("{1: ", "}"), ("f(", ")"), ("not ", ""), ("-", ""), ("lambda: ", "")]
    {
        ends(&format!("A = {}1{}\nB = 1\n", open.repeat(50_000), close.repeat(50_000)));
    }
    ends(&format!("A = {}1\n", "1 + ".repeat(50_000)));
    ends(&format!("A = x{}\n", ".y".repeat(50_000)));
    let nested: String = (0..90).map(|depth| format!("{}if x:\n", " ".repeat(depth))).collect();
    ends(&format!("{nested}{}A = 1\n", " ".repeat(90)));
}

#[test]
fn what_never_ends_in_python_ends() {
    for source in [
        "while True:\n    pass\n",
        "def f():\n    return f()\nf()\n",
        "def f(n):\n    return f(n) + f(n)\nA = f(1)\n",
        "A = 'x'\nwhile True:\n    A = A + A\n",
        "A = []\nwhile True:\n    A.append(A)\n",
        "A = ()\nfor i in range(9999):\n    A = (A, A)\n",
        "A = {}\nA['a'] = A\nB = [A]\nB.append(B)\n",
        "class A:\n    def __getattr__(self, name):\n        return getattr(self, name)\nB = A().x\n",
        "class A:\n    @property\n    def x(self):\n        return self.x\nB = A().x\n",
        "import os\nA = 'a'\nfor i in range(9999):\n    A = os.environ.get('A', A)\n",
        "import os\nA = 0\nfor i in range(999):\n    if os.environ.get(str(i)):\n        A = A + i\n",
        "import os\nA = [0]\nfor i in range(200):\n    if os.environ.get(str(i)):\n        A = A + [A]\n",
        "def f(n):\n    if unknown:\n        return f(n + 1)\n    return f(n - 1)\nA = f(0)\n",
        "from settings import *\nimport settings\nA = settings.settings\n",
        "f = lambda *a: f(*a, *a)\nf(1)\n",
        "import functools\nf = print\nfor i in range(9999):\n    f = functools.partial(f, f)\n",
        "p = print\nfor i in range(9999):\n    p = property(p)\n",
        "A = 10 ** 10 ** 10\nB = 1 << 1000000\nC = 'x' * 10 ** 9\nD = -9223372036854775808 // -1\n",
        "A = '%s' * 3 % ('a',)\nB = '{' .format()\nC = '{0.x[y]}'.format(1)\nD = '%(' % {}\n",
        "A = [1, 2][9223372036854775807]\nB = 'abc'[::-9223372036854775808]\nC = [1][-9223372036854775808]\n",
        "A = abs(-9223372036854775807 - 1)\nB = -9223372036854775807 % -1\n",
        "[].insert(-9223372036854775808, 1)\n[1].pop(-9223372036854775808)\nA = [1]\nA[-9223372036854775808] = 1\n",
        "import json\nA = json.loads({})\nB = json.loads(1)\nC = json.loads(None)\n",
        "class A:\n    def __iter__(self):\n        return self\nB = list(A())\n",
        "class A(str):\n    pass\nB = ''\nwhile True:\n    B = A(B)\nB.x\n",
        "class A(A):\n    pass\nclass B(B, B):\n    x = B\n",
    ] {
        ends(source);
    }
}

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
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_pieces_of_python_end(picked in prop::collection::vec(prop::sample::select(PIECES), 1..60)) {
        ends(&picked.concat());
    }

    #[test]
    fn any_text_ends(text in "\\PC{0,200}") {
        ends(&text);
    }
}
