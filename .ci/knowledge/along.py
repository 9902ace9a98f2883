#!/usr/bin/env python3
"""Finds out which distributions others bring along: makes src/knowledge/along.toml.

    along.py write             reads the metadata of every distribution in modules.toml (needs uv and the package index; some minutes)

Read are the distributions that modules.toml names: what the last release of each of their newest major versions brings
without an extra, as uv resolves it on Linux. Kept is what modules.toml names too: only its modules are ever looked for.
"""

import datetime
import json
import pathlib
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from implied import INDEX, normalised
from packaging.version import InvalidVersion, Version

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODULES = ROOT / "src/knowledge/modules.toml"
ALONG = ROOT / "src/knowledge/along.toml"
MAJORS = 4
# One that wheels of a few years ago fit too.
PYTHON = "3.12"
HEAD = """\
# What distributions bring along without an extra, as far as modules.toml names it: whoever requires `wagtail` need not
# require `djangorestframework`. Made by `.ci/knowledge/along.py write`.
"""


def named():
    """The distributions that modules.toml names, normalised."""
    table = tomllib.loads(MODULES.read_text())
    names = [*table["same"], *table["modules"].values(), *(one for others in table["others"].values() for one in others)]
    return sorted({normalised(name.split("[")[0]) for name in names})


def majors(name):
    """The last releases of the newest major versions, newest first."""
    try:
        with urllib.request.urlopen(INDEX.format(name), timeout=60) as answer:
            releases = json.load(answer)["releases"]
    except urllib.error.HTTPError:
        return []
    last = {}
    for text, files in releases.items():
        try:
            version = Version(text)
        except InvalidVersion:
            continue
        if files and not version.is_prerelease and not all(one.get("yanked") for one in files):
            last[version.major] = max(version, last.get(version.major, version))
    return [last[major] for major in sorted(last, reverse=True)[:MAJORS]]


def resolved(requirement):
    """The names of all that a requirement brings, itself too; `None` where no set of wheels fits."""
    done = subprocess.run(
        ["uv", "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--no-config", "--no-python-downloads",
         "--no-build", "--python-version", PYTHON, "--python-platform", "x86_64-unknown-linux-gnu", "-"],
        input=requirement, text=True, capture_output=True, check=False,
    )
    return {line.split("==")[0] for line in done.stdout.splitlines()} if done.returncode == 0 else None


def main():
    names = named()
    with ThreadPoolExecutor(2) as pool:
        releases = dict(zip(names, pool.map(majors, names)))
        # Most bring nothing that matters, in no release.
        newest = dict(zip(names, pool.map(lambda name: resolved(name) or set(), names)))
        pairs = [(name, one) for name in names if newest[name] & set(names) - {name, "django"} for one in releases[name]]
        brought = dict(zip(pairs, pool.map(lambda pair: resolved(f"{pair[0]}=={pair[1]}"), pairs)))
    out = [HEAD, f'checked = "{datetime.date.today()}"\n', 'source = "the package index: what uv resolves for the last release of each major version"\n']
    rows, unknown = 0, []
    for name in names:
        by_brings = {}
        for version in (one for own, one in pairs if own == name):
            found = brought[name, version]
            if found is None:
                unknown.append(f"{name} {version}")
                continue
            by_brings.setdefault(tuple(sorted(found & set(names) - {name, "django"})), []).append(version.major)
        for brings, found in by_brings.items():
            if brings:
                rows += 1
                line = "brings = [" + ", ".join(f'"{one}"' for one in brings) + "]\n"
                if len(line) > 120:
                    line = "brings = [\n" + "".join(f'    "{one}",\n' for one in brings) + "]\n"
                out.append(f'\n[[row]]\nname = "{name}"\nmajors = {sorted(found)}\n{line}')
    ALONG.write_text("".join(out))
    print(f"{rows} rows of {len(names)} distributions; no wheels for {', '.join(unknown)}")


if __name__ == "__main__":
    main() if sys.argv[1:] == ["write"] else sys.exit(__doc__)
