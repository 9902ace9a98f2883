//! Files of values that settings read: data that would take for ever, or all memory, were there no limits.

use crate::measure::ends;

const DYNACONF: &str = "from dynaconf import Dynaconf\nsettings = Dynaconf(settings_files=['settings.toml', 'settings.yaml', 'settings.json', 'settings.ini'], environments=False)\nA = settings.A\nB = settings.B\n";
const DJANGO_DYNACONF: &str = "import dynaconf\nsettings = dynaconf.DjangoDynaconf(__name__, SETTINGS_FILE_FOR_DYNACONF=['settings.toml', 'settings.yaml'])\n";

fn dynaconf(name: &str, file: &str, text: &str) {
    ends(name, &[("settings.py", DYNACONF), (file, text)]);
    ends(name, &[("settings.py", DJANGO_DYNACONF), (file, text)]);
}

fn rounds(times: usize, line: impl Fn(usize) -> String) -> String {
    (1..times).map(line).collect()
}

#[test]
fn values_of_dynaconf_that_are_made_of_each_other_end() {
    let doubled = rounds(60, |n| format!("A{n} = \"@format {{this.A{0}}}{{this.A{0}}}\"\n", n - 1));
    dynaconf("formatted", "settings.toml", &format!("A0 = 'x'\n{doubled}A = '@format {{this.A59}}'\n"));
    dynaconf(
        "of itself",
        "settings.toml",
        "A = '@format {this.A}{this.A}{this.B}'\nB = '@jinja {{this.A}}'\n",
    );
    dynaconf("markers", "settings.toml", &format!("A = '{}1'\n", "@reset @merge @int ".repeat(20_000)));
    dynaconf("keys", "settings.toml", &format!("{} = 1\n", vec!["a"; 100_000].join("__")));
    dynaconf("tables", "settings.toml", &format!("[{}]\nx = 1\n", vec!["a"; 100_000].join(".")));
    dynaconf("arrays", "settings.toml", &format!("A = {}{}\n", "[".repeat(100_000), "]".repeat(100_000)));
    dynaconf("many", "settings.toml", &rounds(20_000, |n| format!("A{n} = '@format {{this.A{}}}'\n", n - 1)));
}

#[test]
fn data_of_any_depth_ends() {
    let laughs = rounds(40, |n| format!("a{n}: &a{n} [*a{0}, *a{0}, *a{0}]\n", n - 1));
    let laughs = format!("a0: &a0 x\n{laughs}A: *a39\n");
    let brackets = format!("A: {}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    let indented = rounds(700, |n| format!("{}a:\n", " ".repeat(n)));
    let read = |module: &str, call: &str, file: &str| {
        format!("import {module}\nwith open('{file}') as f:\n    D = {module}.{call}(f)\nA = D['A']\n")
    };
    for text in [&laughs, &brackets, &indented] {
        dynaconf("yaml", "settings.yaml", text);
        ends("yaml", &[("settings.py", &read("yaml", "safe_load", "a.yaml")), ("a.yaml", text)]);
    }
    for (open, close) in [("[", "]"), ("{\"A\":", "}")] {
        let text = format!("{}1{}", open.repeat(60_000), close.repeat(60_000));
        dynaconf("json", "settings.json", &text);
        ends("json", &[("settings.py", &read("json", "load", "a.json")), ("a.json", &text)]);
    }
    let text = format!("A = {}1{}", "{a = ".repeat(60_000), "}".repeat(60_000));
    ends("toml", &[("settings.py", &read("tomllib", "load", "a.toml")), ("a.toml", &text)]);
}

#[test]
fn sections_and_variables_that_name_each_other_end() {
    let ini = "import configparser\nc = configparser.ConfigParser()\nc.read('a.ini')\nA = c['s']['a59']\nB = c.get('s', 'a59')\nC = dict(c['s'])\n";
    let doubled = rounds(60, |n| format!("a{n} = %(a{0})s%(a{0})s%(a{0})s\n", n - 1));
    ends("ini", &[("settings.py", ini), ("a.ini", &format!("[s]\na0 = x\n{doubled}"))]);
    ends("ini of itself", &[("settings.py", ini), ("a.ini", "[s]\na59 = %(a59)s%(a59)s\n")]);
    let environ =
        "import environ\nenv = environ.Env()\nenv.read_env('.env')\nA = env('A59')\nB = env.list('A')\n";
    let proxied = rounds(60, |n| format!("A{n}=$A{}\n", n - 1));
    ends("environ", &[("settings.py", environ), (".env", &format!("A0=$A59\n{proxied}"))]);
    ends("a long list", &[("settings.py", environ), (".env", &format!("A={}\n", "a,".repeat(250_000)))]);
    let dotenv = "from dotenv import load_dotenv\nimport os\nload_dotenv()\nA = os.environ['A59']\n";
    let nested = rounds(60, |n| format!("A{n}=${{A{0}}}${{A{0}}}${{A{0}}}\n", n - 1));
    ends("dotenv", &[("settings.py", dotenv), (".env", &format!("A0=x\n{nested}"))]);
}
