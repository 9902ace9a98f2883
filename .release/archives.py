"""Packs the binary of each wheel into an archive, as installers and `cargo binstall` look for it.

    python3 .release/archives.py WHEELS OUT

writes OUT/djdock-TARGET.tar.gz for every wheel in the folder WHEELS.
"""

import io
import re
import sys
import tarfile
import zipfile
from pathlib import Path

# A wheel's platform tag, and the target that Rust has for it.
TARGETS = [
    (r"manylinux.*_(x86_64|aarch64)$", "{}-unknown-linux-gnu"),
    (r"linux_(x86_64|aarch64)$", "{}-unknown-linux-gnu"),
    (r"musllinux_\d+_\d+_(x86_64|aarch64)$", "{}-unknown-linux-musl"),
    (r"macosx_\d+_\d+_(x86_64)$", "{}-apple-darwin"),
    (r"macosx_\d+_\d+_(arm64)$", "aarch64-apple-darwin"),
]


def target(wheel: str) -> str:
    """The target of a wheel, by the last of its platform tags."""
    platform = wheel.removesuffix(".whl").split("-")[-1].split(".")[-1]
    # `musllinux_1_2_x86_64` ends with what plain Linux ends with, too.
    for pattern, name in TARGETS:
        if found := re.match(pattern, platform):
            return name.format(found[1])
    sys.exit(f"no target is known for {wheel}")


def pack(wheel: Path, out: Path) -> Path:
    name = f"djdock-{target(wheel.name)}"
    with zipfile.ZipFile(wheel) as archive:
        [script] = [entry for entry in archive.namelist() if entry.endswith(".data/scripts/djdock")]
        binary = archive.read(script)
    path = out / f"{name}.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        entry = tarfile.TarInfo(f"{name}/djdock")
        entry.size, entry.mode = len(binary), 0o755
        archive.addfile(entry, io.BytesIO(binary))
    return path


def main() -> None:
    wheels, out = map(Path, sys.argv[1:])
    out.mkdir(parents=True, exist_ok=True)
    found = sorted(wheels.glob("*.whl"))
    if not found:
        sys.exit(f"no wheel in {wheels}")
    for wheel in found:
        print(pack(wheel, out))


if __name__ == "__main__":
    main()
