#!/usr/bin/env python3
"""Tries releases that exist as source alone: which of them still build, and with which older build tools.

    source_builds.py NAME==VERSION…      one line each: builds, or the first constraint with which it does

Needs the package index and a Python of that release's time as the first one on PATH. What it prints goes, by hand, into
src/knowledge/build_constraints.toml: an error has a cause, and the row says that.
"""

import concurrent.futures
import pathlib
import shutil
import subprocess
import sys
import tempfile

TRIED = ["", "setuptools<82", "setuptools<80", "setuptools<72", "setuptools<66", "setuptools<58", "cython<3", "cython<3\nsetuptools<72"]


def build(pip, requirement, constraint):
    folder = tempfile.mkdtemp(prefix="source-builds-")
    try:
        file = pathlib.Path(folder, "c.txt")
        file.write_text(constraint + "\n")
        done = subprocess.run(
            [pip, "wheel", "--quiet", "--no-deps", "--no-binary", requirement.split("==")[0], "--build-constraint", str(file),
             "--wheel-dir", folder, requirement],
            capture_output=True, text=True, timeout=300,
        )
        errors = [line.strip() for line in (done.stdout + done.stderr).splitlines() if "Error" in line or "error:" in line]
        own = [line for line in errors if not line.startswith(("error: subprocess-exited", "ERROR: Failed", "error: metadata"))]
        return done.returncode == 0, (own or errors or [""])[-1]
    except subprocess.TimeoutExpired:
        return False, "took more than 5 minutes"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def explore(job):
    pip, requirement = job
    first = None
    for constraint in TRIED:
        good, why = build(pip, requirement, constraint)
        first = first or why
        if good:
            with_what = constraint.replace("\n", ", ")
            return f"{requirement}: " + (f"builds with {with_what}: {first}" if constraint else "builds")
    return f"{requirement}: never: {first}"


def main(requirements):
    venv = tempfile.mkdtemp(prefix="source-builds-")
    subprocess.run(["python3", "-m", "venv", venv], check=True)
    subprocess.run([f"{venv}/bin/pip", "install", "--quiet", "--upgrade", "pip>=25.3"], check=True)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for line in pool.map(explore, [(f"{venv}/bin/pip", requirement) for requirement in requirements]):
            print(line, flush=True)
    shutil.rmtree(venv)


if __name__ == "__main__":
    sys.exit(__doc__) if len(sys.argv) == 1 else main(sys.argv[1:])
