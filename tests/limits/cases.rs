//! Settings that would take for ever, or all memory, were there no limits.

use djdock::python::Value;

use crate::measure::ends;

fn one(name: &str, source: &str) {
    ends(name, &[("settings.py", source)]);
}

/// In rounds: what each round makes, the next one makes more of.
fn repeated(first: &str, round: &str, times: usize) -> String {
    format!("import os\n{first}\n{}", format!("{round}\n").repeat(times))
}

#[test]
#[ignore = "takes seconds: cargo test --test limits -- --include-ignored"]
fn text_that_doubles_ends() {
    one("doubled", "A = 'x'\nwhile True:\n    A = A + A\n");
    one("doubled in place", "A = 'x'\nwhile True:\n    A += A\n");
    one("formatted", &repeated("A = 'ab'", "A = f'{A}{A}{A}'", 60));
    one("by percent", &repeated("A = 'ab'", "A = '%s%s' % (A, A)", 60));
    one("by format", &repeated("A = 'ab'", "A = '{0}{0}{0}'.format(A)", 60));
    one("by replace", &repeated("A = 'aa'", "A = A.replace('a', 'aaaa')", 60));
    one("by join", &repeated("A = 'a,'", "A = A.join([A, A, A])", 60));
    one("by repetition", &repeated("A = 'a'", "A = A * 9", 60));
    one("of a variable", &repeated("A = os.environ['A']", "A = f'{A}-{A}'", 60));
    one("of two variables", &repeated("A = 'a'", "A = os.environ.get('A', A) + os.environ.get('B', A)", 60));
    one(
        "of three, by default",
        &repeated("A = 'abcdefghijkl'", "A = f\"{os.getenv('A', A)}{os.getenv('B', A)}\"", 50),
    );
    one("upper and back", "A = 'x' * 1000000\nfor i in range(9999):\n    B = A.upper()\n");
    one("searched", "A = 'x' * 1000000\nfor i in range(9999):\n    B = 'y' in A\n    C = A.find('z')\n");
    one("compared", "A = 'x' * 1000000\nB = 'x' * 999999 + 'y'\nfor i in range(9999):\n    C = A == B\n");
    one("listed", "A = 'x' * 1000000\nfor i in range(9999):\n    B = list(A)\n    C = A[::2]\n");
    one(
        "kept many times",
        "A = 'x' * 1000000\nB = [A] * 100000\nC = {i: A for i in range(9999)}\nD = sorted(B)\n",
    );
    one(
        "joined many times",
        "A = 'x' * 1000000\nB = ','.join([A] * 100000)\nC = str([A] * 100000)\nD = repr(B)\n",
    );
}

#[test]
fn text_of_any_width_ends() {
    for source in [
        "A = '%9999999999d' % 5\n",
        "A = '%.9999999999f' % 5.0\n",
        "A = '%*d' % (999999999, 5)\n",
        "x = 5\nA = f'{x:9999999999}'\n",
        "x = 5\nA = f'{x:{x}{x}{x}{x}{x}{x}{x}{x}{x}}'\n",
        "A = '{:>9999999999}'.format(5)\n",
        "A = '{0:{1}}'.format(5, 999999999)\n",
        "A = 'a'.zfill(999999999)\nB = 'a'.center(999999999)\nC = 'a'.ljust(999999999)\n",
        "A = 'a' * 10 ** 9\nB = [1] * 10 ** 9\nC = (1,) * 10 ** 9\n",
        "A = 'a'.replace('', 'b' * 1000000)\nB = A.replace('', A)\n",
        "A = 'a\\tb'.expandtabs(999999999)\n",
    ] {
        one(source, source);
    }
}

#[test]
fn numbers_of_any_size_end() {
    for source in [
        "A = 10 ** 10 ** 10\nB = 2 ** 63\nC = (-2) ** 63\nD = 10.0 ** 400\n",
        "A = 1 << 10 ** 9\nB = -1 >> 999\nC = 1 << -1\n",
        "A = range(10 ** 12)\nB = list(range(10 ** 12))\nC = range(0, -10 ** 18, -1)\n",
        "A = -9223372036854775808 // -1\nB = -9223372036854775808 % -1\nC = abs(-9223372036854775808)\n",
        "A = int('9' * 100000)\nB = float('9' * 100000)\nC = float('nan')\nD = int(C)\nE = round(1e400)\n",
        "for i in range(10 ** 12):\n    A = i\n",
        "A = 0x",
    ] {
        one(source, source);
    }
    one("a long number", &format!("A = {}\nB = 0x{}\n", "9".repeat(200_000), "f".repeat(200_000)));
}

#[test]
#[ignore = "takes seconds: cargo test --test limits -- --include-ignored"]
fn lists_and_dicts_that_double_end() {
    one("a list in a list", &repeated("A = []", "A = [A, A]", 100));
    one("a tuple in a tuple", &repeated("A = ()", "A = (A, A)", 100));
    one("a dict in a dict", &repeated("A = {}", "A = {'a': A, 'b': A}", 100));
    one("wide and deep", "A = [0] * 1000\nfor i in range(12):\n    A = [A] * 1000\n");
    one(
        "compared with its like",
        "A = [0] * 1000\nB = [0] * 1000\nfor i in range(9):\n    A = [A] * 1000\n    B = [B] * 1000\nC = A == B\n",
    );
    one(
        "looked for in its like",
        "A = (0,) * 300\nB = (0,) * 300\nfor i in range(9):\n    A = (A,) * 300\n    B = (B,) * 300\nC = A in [B]\nD = {A: 1}\nE = D.get(B)\n",
    );
    one(
        "shown",
        "A = [0] * 1000\nfor i in range(3):\n    A = [A] * 1000\nB = str(A)\nC = '%r' % (A,)\nD = f'{A}'\n",
    );
    one("added to itself", "A = [1]\nwhile True:\n    A = A + A\n");
    one("added to itself in place", "A = [1]\nwhile True:\n    A += A\n");
    one("in itself", "A = []\nwhile True:\n    A.append(A)\n");
    one("summed", "A = [[1] * 100] * 100000\nB = sum(A, [])\n");
    one("merged", &repeated("A = {}", "A = {**A, len(A): A, str(len(A)): dict(A)}", 100));
    one(
        "merged key by key",
        "A = {i: {} for i in range(9999)}\nfor i in range(9999):\n    A = {**A, 'x%s' % i: A}\n",
    );
    one(
        "copied",
        "from copy import deepcopy\nA = []\nfor i in range(30):\n    A = [A, A]\nB = deepcopy(A)\n",
    );
    one("inserted in front", "A = []\nwhile True:\n    for i in range(9999):\n        A.insert(0, i)\n");
    one(
        "comprehended",
        "A = [(a, b, c, d) for a in range(999) for b in range(999) for c in range(999) for d in range(999)]\n",
    );
    one(
        "as keys and values",
        "A = {str(i): i for i in range(9999)}\nfor i in range(9999):\n    B = list(A.items())\n    C = dict(B)\n",
    );
    one(
        "sorted",
        "A = list(range(9999)) * 10\nfor i in range(9999):\n    B = sorted(A)\n    A.sort()\n    A.reverse()\n",
    );
    one(
        "sets",
        "A = set()\nfor i in range(9999):\n    A = A | {i}\n    A.add(str(i))\nB = A - {1}\nC = A & A\n",
    );
    one("starred", "f = lambda *a: f(*a, *a)\nf(1)\nA = [0]\nfor i in range(99):\n    A = [*A, *A]\n");
    one("starred by name", "f = lambda **a: f(**a, **{str(len(a)): a})\nf(a=1)\n");
    one(
        "zipped",
        "A = list(range(9999))\nfor i in range(9999):\n    A = list(zip(A, A))\n    B = list(enumerate(A))\n",
    );
}

#[test]
fn tests_without_end_end() {
    let ifs = |round: &str| repeated("A = [0]\nB = 0\nC = {}\nD = ''", round, 40);
    one("numbers", &ifs("if os.environ.get('X'):\n    B = B + 1"));
    one("lists", &ifs("if os.environ.get('X'):\n    A = A + [A]"));
    one("lists in place", &ifs("if os.environ.get('X'):\n    A += [len(A), *A]"));
    one("dicts", &ifs("if os.environ.get('X'):\n    C = {**C, len(C): C}"));
    one("texts", &ifs("if os.environ.get('X'):\n    D = D + f'{D}x'"));
    one("texts of both", &ifs("D = f'{D}{D}' if os.environ.get('X') else D + 'y'"));
    one("tuples of both", &ifs("D = (D, B) if os.environ.get('X') else (B, D)"));
    one(
        "functions",
        &ifs("def f(x, g=f if B else None):\n    return g(x) if os.environ.get('Y') else f(g)\nB = f(B)"),
    );
    one(
        "of products",
        &repeated(
            "",
            "A = (1 if os.environ.get('X') else 2, 1 if os.environ.get('Y') else 2)\nB = A[0] * A[1] + (B if os.environ.get('Z') else 3)",
            40,
        ),
    );
    one(
        "one in another",
        &(0..90)
            .map(|depth| format!("{}if x{depth}:\n", " ".repeat(depth)))
            .collect::<String>()
            .replace("if x89:\n", "if x89: A = 1\n"),
    );
    one(
        "otherwise",
        &format!(
            "import os\nif os.environ.get('A'):\n    A = 1\n{}",
            "elif os.environ.get('B'):\n    A = [A]\n".repeat(2000)
        ),
    );
    one(
        "returning",
        &format!(
            "import os\ndef f():\n{}    return 0\nA = f()\nB = f()\n",
            "    if os.environ.get('A'):\n        return 1\n".repeat(300)
        ),
    );
    one(
        "raising",
        &format!(
            "import os\ntry:\n{}    A = 1\nexcept KeyError:\n    A = 2\n",
            "    A = os.environ['A']\n".repeat(3000)
        ),
    );
    one(
        "in loops",
        "import os\nA = []\nfor i in range(9999):\n    if os.environ.get(str(i)):\n        A = A + [i]\n    else:\n        A = [i] + A\n",
    );
    one(
        "variables without number",
        "import os\nfor i in range(9999):\n    A = os.environ.get(str(i), A)\n    for j in range(99):\n        B = os.environ[f'{i}-{j}']\n",
    );
    one(
        "patterns",
        &format!("match x:\n{}", "    case [1, *_, {'a': b}] | (c, d):\n        A = [A, b]\n".repeat(500)),
    );
}

#[test]
#[ignore = "takes seconds: cargo test --test limits -- --include-ignored"]
fn what_calls_itself_ends() {
    for source in [
        "while True:\n    pass\n",
        "def f():\n    return f()\nA = f()\n",
        "def f(n):\n    return f(n) + f(n)\nA = f(1)\n",
        "def f(n):\n    yield from f(n)\n    yield n\nA = list(f(1))\n",
        "def f(n):\n    if unknown:\n        return f(n + 1)\n    return f(n - 1)\nA = f(0)\n",
        "def f(*a, **k):\n    return f(f, *a, **k) or f(k, a)\nA = f()\n",
        "f = lambda x: x(x)\nA = f(f)\n",
        "def d(f):\n    return lambda *a: f(*a, *a)\n@d\n@d\n@d\ndef g(*a):\n    return g(*a)\nA = g(1)\n",
        "class A:\n    def __getattr__(self, name):\n        return getattr(self, name)\nB = A().x\n",
        "class A:\n    @property\n    def x(self):\n        return self.x\nB = A().x\n",
        "class A:\n    def __iter__(self):\n        return self\nB = list(A())\nC = [*A()]\n",
        "class A:\n    def __str__(self):\n        return f'{self}{self}'\nB = str(A())\n",
        "class A:\n    def __call__(self):\n        return self()\nB = A()()\n",
        "class A:\n    def __getitem__(self, key):\n        return self[self[key]]\nB = A()[1]\n",
        "class A:\n    def __init__(self):\n        self.a = A()\nB = A()\n",
        "class A(A):\n    pass\nclass B(B, B):\n    x = B\n",
        "class A(str):\n    pass\nB = ''\nfor i in range(9999):\n    for j in range(99):\n        B = A(B)\nC = B.x\n",
        "import functools\nf = print\nfor i in range(9999):\n    f = functools.partial(f, f)\nA = f(1)\n",
        "p = print\nfor i in range(9999):\n    p = property(p)\n    q = staticmethod(p)\n",
        "p = print\nfor i in range(9999):\n    p = p.x\nA = p\n",
        "A = {}\nA['a'] = A\nB = [A]\nB.append(B)\nC = str(B)\nD = A == B\n",
        "import json\nA = json.loads({})\nB = json.loads(1)\nC = json.loads(None)\nD = json.loads('[' * 100000)\n",
        "exec('exec(\"A = 1\")')\nx = 'exec(x)'\nexec(x)\n",
        "x = 'A = 1\\n' * 100000\nfor i in range(9999):\n    exec(x)\n",
        "import yaml\nx = 'a: &a [1]\\n'\nfor i in range(99):\n    x += f'b{i}: &b{i} [*a, *a]\\n'\nA = yaml.safe_load(x)\n",
        "import yaml\nA = yaml.safe_load('a: &a [x]\\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\\ng: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]\\nh: [*g,*g,*g,*g,*g,*g,*g,*g,*g]\\n')\n",
        "from settings import *\nimport settings\nA = settings.settings\nB = settings\n",
        "def f():\n    global a\n    for i in range(9999):\n        global b, c, d\n        a = b\nf()\n",
    ] {
        one(source, source);
    }
}

#[test]
#[ignore = "takes seconds: cargo test --test limits -- --include-ignored"]
fn files_that_include_each_other_end() {
    ends(
        "in a circle",
        &[
            ("settings.py", "from a import *\nA = 1\n"),
            ("a.py", "from b import *\n"),
            ("b.py", "from a import *\nfrom settings import *\n"),
        ],
    );
    ends(
        "split settings",
        &[
            (
                "settings.py",
                "from split_settings.tools import include\ninclude('settings.py')\ninclude('*.py')\nA = 1\n",
            ),
            ("b.py", "from split_settings.tools import include\ninclude('*.py')\ninclude('*.py')\n"),
        ],
    );
    ends(
        "executed",
        &[
            ("settings.py", "for i in range(9999):\n    exec(open('a.py').read())\nA = 1\n"),
            ("a.py", "exec(open('a.py').read())\nexec(open('settings.py').read())\n"),
        ],
    );
    let names: Vec<String> = (0..600).map(|number| format!("m{number}.py")).collect();
    let texts: Vec<String> = (0..600)
        .map(|number| format!("from m{} import *\nA{number} = [{number}] * 1000\n", number + 1))
        .collect();
    let mut files: Vec<(&str, &str)> =
        names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
    files.push(("settings.py", "from m0 import *\nA = 1\n"));
    ends("one after the other", &files);
    let long = format!("X = [\n{}]\n", "    ('a', 'b', {'c': 1}),\n".repeat(20_000));
    let names: Vec<String> = (0..60).map(|number| format!("m{number}.py")).collect();
    let all: String = (0..60).map(|number| format!("from m{number} import *\n")).collect();
    let mut files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), long.as_str())).collect();
    files.push(("settings.py", &all));
    ends("thirty megabytes of source", &files);
}

#[test]
#[ignore = "takes seconds: cargo test --test limits -- --include-ignored"]
fn source_of_any_depth_ends() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{1: ", "}"),
        ("f(", ")"),
        ("x[", "]"),
        ("not ", ""),
        ("-", ""),
        ("~", ""),
        ("lambda: ", ""),
        ("await ", ""),
        ("*", ""),
        ("2 ** ", ""),
        ("x if y else ", ""),
        ("(x := ", ")"),
        ("f'{", "}'"),
        ("[x for x in ", "]"),
    ] {
        // The last is as much as a file of settings may hold.
        for times in [1_000, 20_000, 500_000 / (open.len() + close.len())] {
            let source = format!("A = {}1{}\nB = 1\n", open.repeat(times), close.repeat(times));
            one(&format!("{times} times {open}"), &source);
        }
    }
    for chain in [" + 1", ".y", "[0]", "()", " and x", " < x", ", x", " = x"] {
        one(chain, &format!("A = x{}\nB = 1\n", chain.repeat(500_000 / chain.len())));
    }
    one("elif", &format!("if a:\n    pass\n{}", "elif b:\n    pass\n".repeat(20_000)));
    one("decorators", &format!("{}def f(): pass\n", "@f\n".repeat(100_000)));
    one("blocks", &(0..700).map(|depth| format!("{}if x:\n", " ".repeat(depth))).collect::<String>());
    one("functions", &(0..700).map(|depth| format!("{}def f():\n", " ".repeat(depth))).collect::<String>());
    one("bases", &format!("class A({}): pass\nclass B(A): pass\n", "object, ".repeat(50_000)));
    one(
        "parameters",
        &format!(
            "def f({}): pass\nfor i in range(9999):\n    f(1)\n",
            (0..20_000).map(|n| format!("a{n}=1, ")).collect::<String>()
        ),
    );
}

/// Where the very first read of a variable is what no room is left for. How much what comes before takes is not said
/// here, so every amount is tried.
#[test]
fn the_first_variable_may_be_beyond_the_limits() {
    let before = "A = 'x' * 1000000\n".repeat(33);
    for left in (0..12_000).step_by(150) {
        let source = format!("import os\n{before}A = 'x' * {}\nB = os.environ['B']\n", 554_432 - left);
        one(&format!("{left} bytes left"), &source);
    }
}

/// The worst of the above, where a recursion without bound overflows its stack: this one runs with every test.
#[test]
fn the_deepest_sources_end() {
    for open in ["-", "not "] {
        one(open, &format!("A = {}1\nB = 1\n", open.repeat(500_000 / open.len())));
    }
}

#[test]
fn what_follows_a_loop_that_ends_by_itself_is_still_read() {
    let source = "A = [i * i for i in range(200)]\nB = {str(i): [i] * 3 for i in range(500)}\nC = ''\nfor i in range(300):\n    C += 'x'\nD = 1\n";
    let found = ends("an ordinary loop", &[("settings.py", source)]);
    assert_eq!(found.get("D"), Some(&Value::Int(1)));
    assert_eq!(found.get("C"), Some(&Value::Str("x".repeat(300))));
    assert!(found.diagnostics.is_empty(), "{:?}", found.diagnostics);
}
