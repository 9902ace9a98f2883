#!/usr/bin/env python3
"""Pins each package manager of tools.toml with all that it needs, and proves that the pins install and start.

    pins.py write              resolves anew: rewrites src/knowledge/pins.toml (needs the package index)
    pins.py test [TOOL…]       installs each pin on each Python at hand, and starts the tool

A Python is at hand as an image `python:X.Y-slim` of the local Engine, or as an interpreter in ~/.pyenv/versions or on
PATH. A Python that is not at hand is said to be skipped; the status is 1 where a pin does not install or start.
"""

import concurrent.futures
import datetime
import glob
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOLS = ROOT / "src/knowledge/tools.toml"
PINS = ROOT / "src/knowledge/pins.toml"
PYTHONS = ROOT / "src/knowledge/python.toml"
HEAD = """\
# All that each version of a package manager needs, at one version each: what was resolved on the day of `checked`
# goes on working when one of these distributions has a release that does not fit. Made by `.ci/knowledge/pins.py write`
# from tools.toml; do not edit by hand. Tried by `.ci/knowledge/pins.py test`.
"""


def minor(text):
    return tuple(int(part) for part in text.split("."))


def pythons():
    return [row["version"] for row in tomllib.loads(PYTHONS.read_text())["release"]]


def managers():
    """(name, row) for each version that is installed apart from the project."""
    for tool in tomllib.loads(TOOLS.read_text())["tool"]:
        if tool.get("apart"):
            for row in tool["versions"]:
                yield tool["name"], row


def wanted(name, row):
    return [f"{name}=={row['version']}", *row.get("beside", []), *row.get("below", [])]


# --- write -----------------------------------------------------------------------------------------------------------


def resolve(venv, name, row):
    """Lines `name==version`, with a marker where not every Python takes them."""
    command = [
        f"{venv}/bin/uv", "pip", "compile", "--universal", "--no-header", "--no-annotate", "--no-config",
        "--no-python-downloads", "--python-version", row["python"], "-",
    ]
    done = subprocess.run(command, input="\n".join(wanted(name, row)), text=True, capture_output=True)
    if done.returncode:
        sys.exit(f"{name} {row['version']}: {done.stderr}")
    from packaging.requirements import Requirement

    all_minors = [version for version in pythons() if minor(version) >= minor(row["python"])]
    lines = []
    for line in done.stdout.splitlines():
        requirement = Requirement(line)
        takes = [version for version in all_minors if applies(requirement.marker, version)]
        if takes and requirement.name != name:
            lines.append(f"{requirement.name}{requirement.specifier}{marker(takes, all_minors)}")
    return lines


def applies(marker, python):
    linux = {
        "implementation_name": "cpython", "os_name": "posix", "platform_machine": "x86_64",
        "platform_python_implementation": "CPython", "platform_system": "Linux", "sys_platform": "linux",
        "python_version": python, "python_full_version": f"{python}.9",
    }
    return marker is None or marker.evaluate(linux)


def marker(takes, every):
    parts = []
    if takes[0] != every[0]:
        parts.append(f"python_version >= '{takes[0]}'")
    if takes[-1] != every[-1]:
        parts.append(f"python_version <= '{takes[-1]}'")
    return " ; " + " and ".join(parts) if parts else ""


def write():
    venv = tempfile.mkdtemp(prefix="pins-")
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    subprocess.run([f"{venv}/bin/pip", "install", "--quiet", "uv", "packaging"], check=True)
    sys.path[:0] = glob.glob(f"{venv}/lib/python*/site-packages")
    out = [HEAD, f'checked = "{datetime.date.today()}"\n', 'source = "the package index, resolved with uv"\n']
    for name, row in managers():
        lines = resolve(venv, name, row)
        out.append(f'\n[[pin]]\ntool = "{name}"\nversion = "{row["version"]}"\nneeds = [\n')
        out += [f'  "{line}",\n' for line in lines]
        out.append("]\n")
        print(f"{name} {row['version']}: {len(lines)}")
    text = "".join(out).replace("needs = [\n]", "needs = []")
    PINS.write_text(text)
    shutil.rmtree(venv)


# --- test ------------------------------------------------------------------------------------------------------------


def at_hand():
    """How each Python is run: `("image", …)`, `("interpreter", …)`, or None."""
    images = subprocess.run(["docker", "images", "--format", "{{.Repository}}:{{.Tag}}"], capture_output=True, text=True) \
        if shutil.which("docker") else None
    images = images.stdout.split() if images else []
    found = {}
    for version in pythons():
        pyenv = sorted(glob.glob(os.path.expanduser(f"~/.pyenv/versions/{version}.*/bin/python")))
        if f"python:{version}-slim" in images:
            found[version] = ("image", f"python:{version}-slim")
        elif pyenv:
            found[version] = ("interpreter", pyenv[-1])
        elif shutil.which(f"python{version}"):
            found[version] = ("interpreter", shutil.which(f"python{version}"))
        else:
            found[version] = None
    return found


def lines_for(pins, name, version, python):
    """The constraints that an image of this Python gets."""
    for pin in pins:
        if (pin["tool"], pin["version"]) == (name, version):
            lines = [line.split(" ; ") for line in pin["needs"]]
            return [line[0] for line in lines if len(line) == 1 or holds(line[1], python)]
    sys.exit(f"pins.toml has no {name} {version}: run `pins.py write`")


def holds(text, python):
    for part in text.split(" and "):
        operator, bound = re.fullmatch(r"python_version (>=|<=) '([\d.]+)'", part).groups()
        if not (minor(python) >= minor(bound) if operator == ">=" else minor(python) <= minor(bound)):
            return False
    return True


def try_pin(name, row, python, how, constraints):
    folder = tempfile.mkdtemp(prefix="pins-")
    try:
        pathlib.Path(folder, "constraints.txt").write_text("\n".join(constraints) + "\n")
        what = " ".join([f"{name}=={row['version']}", *row.get("beside", [])])
        # The command of the images, then the tool itself.
        start = f"{name} --version"
        if how[0] == "image":
            install = f"pip install --quiet --no-compile --constraint /pins/constraints.txt {what}"
            environment = [part for key in ("PIP_INDEX_URL", "PIP_TRUSTED_HOST") if key in os.environ for part in ("-e", key)]
            command = ["docker", "run", "--rm", "--label", "djdock.pins=1", *environment, "--volume", f"{folder}:/pins:ro",
                       how[1], "sh", "-c", f"{install} && {start}"]
        else:
            install = f"{folder}/v/bin/pip install --quiet --no-compile --constraint {folder}/constraints.txt {what}"
            # An old interpreter brings a pip that knows no wheels of today; images hold the last one for their Python.
            newer = f"{folder}/v/bin/pip install --quiet --upgrade pip"
            command = ["sh", "-c", f"{how[1]} -m venv {folder}/v && {newer} && {install} && PATH={folder}/v/bin:$PATH {start}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=900)
        said = (done.stdout.strip().splitlines() or [""])[-1]
        error = (done.stderr.strip().splitlines() or [""])[-1]
        return (done.returncode == 0, said if done.returncode == 0 else error or said)
    except subprocess.TimeoutExpired:
        return (False, "took more than 15 minutes")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test(only):
    pins = tomllib.loads(PINS.read_text())["pin"]
    places = at_hand()
    jobs = []
    chosen = {}
    for name, row in managers():
        for version in places:
            # The newest row that runs on a Python is the one that images get; the others where a project asks.
            newest = chosen.setdefault((name, version), None)
            if minor(version) >= minor(row["python"]) and newest is None and (not only or name in only):
                chosen[name, version] = row
    for (name, version), row in chosen.items():
        if row and places[version]:
            jobs.append((name, version, row))
    def run(job):
        name, version, row = job
        result = try_pin(name, row, version, places[version], lines_for(pins, name, row["version"], version))
        print(f"{'ok  ' if result[0] else 'FAIL'} {name} {row['version']} on Python {version} ({places[version][0]}): {result[1]}", flush=True)
        return job, result
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = list(pool.map(run, jobs))
    names = sorted({name for name, _, _ in jobs})
    print(f"\npins of {datetime.date.today()}\n| Python | " + " | ".join(names) + " |\n|---|" + "---|" * len(names))
    for version in places:
        cells = []
        for name in names:
            hit = [(row, result) for (tool, python, row), result in results if (tool, python) == (name, version)]
            cells.append("–" if not hit else f"{hit[0][0]['version']} {'starts' if hit[0][1][0] else 'FAILS'}")
        if places[version]:
            print(f"| {version} | " + " | ".join(cells) + " |")
    for version, place in places.items():
        if place is None:
            print(f"SKIPPED: no Python {version} at hand, so no pin was tried on it")
    return 0 if results and all(result[0] for _, result in results) else 1


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["write"]:
            write()
        case ["test", *only]:
            sys.exit(test(only))
        case _:
            sys.exit(__doc__)
