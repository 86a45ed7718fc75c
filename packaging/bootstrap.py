#!/usr/bin/env python3
"""Set Annotator up in this checkout and start it.

    python3 packaging/bootstrap.py run [ARGUMENT...]     the sample project in the window
    python3 packaging/bootstrap.py test [ARGUMENT...]    every check; arguments go to pytest
    python3 packaging/bootstrap.py bench [ARGUMENT...]   the speed table
    python3 packaging/bootstrap.py torture [--minutes N] [--json FILE]
                                                         kill the program over and over: is anything ever lost?
    python3 packaging/bootstrap.py setup                 only what the others need

Needs Python 3.11 or newer and nothing else: the first start installs the system libraries that are missing (Linux),
makes .venv and fills it with pinned, hash-checked packages; later starts find that in place.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import system_packages

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
EXE = ".exe" if os.name == "nt" else ""
PYTHON = BIN / f"python{EXE}"
ANNOTATOR = BIN / f"annotator{EXE}"

# What goes into .venv, by purpose; the list for tests holds the list for running.
REQUIREMENTS = {"run": "packaging/requirements.txt", "test": "packaging/requirements-test.txt"}

CHECKS = {
    "ruff check": ["-m", "ruff", "check", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "."],
    "mypy": ["-m", "mypy"],
    "import-linter": ["-c", "from importlinter.cli import lint_imports_command as lint; lint(['--no-logo'])"],
}


class Stop(Exception):
    """Ends the program with a message for the user."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="bootstrap.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=["setup", "run", "test", "bench", "torture"])
    chosen, rest = parser.parse_args(arguments[:1]), arguments[1:]
    try:
        if sys.version_info < (3, 11):
            raise Stop(f"Annotator needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
        os.chdir(ROOT)
        commands = {"setup": setup, "run": run, "test": test, "bench": bench, "torture": torture}
        return commands[chosen.command](rest)
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


# The five commands


def setup(arguments: list[str]) -> int:
    if arguments:
        raise Stop("setup takes no arguments.")
    prepare("test")
    say(f"Ready: {ANNOTATOR}")
    return 0


def run(arguments: list[str]) -> int:
    prepare("run")
    if has_display():
        return call([ANNOTATOR, "demo", *arguments])
    return demonstrate_without_display(arguments)


def test(arguments: list[str]) -> int:
    prepare("test")
    failed = []
    for name, command in CHECKS.items():
        say(name)
        if call([PYTHON, *command]) != 0:
            failed.append(name)
    if failed:
        say(f"Failed: {', '.join(failed)}. The tests follow.")
    say("pytest")
    # Nothing may be printed after this, so that pytest's summary is the last line.
    result = call([PYTHON, "-m", "pytest", "-n", "auto", "--maxprocesses", "4", "--dist", "loadgroup", *arguments])
    return result or int(bool(failed))


def bench(arguments: list[str]) -> int:
    prepare("test")
    return call([PYTHON, "-m", "tests.benchmarks", *arguments])


def torture(arguments: list[str]) -> int:
    prepare("test")
    return call([PYTHON, "-m", "tests.torture", *arguments])


# The sample project without a display


def has_display() -> bool:
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def demonstrate_without_display(arguments: list[str]) -> int:
    """Paint the window to a picture and export the project, and say where both are."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--project", type=Path)
    parser.add_argument("--png", type=Path)
    given, rest = parser.parse_known_args(arguments)
    folder = fresh_folder(ROOT / "build", "demo")
    project = given.project or folder / "sample.annot"
    picture = given.png or folder / "annotator.png"
    exported = folder / "sample.json"

    say("No display here: painting the window to a picture")
    for command in (["demo", "--project", project, "--png", picture, *rest], ["export", project, exported]):
        code = call([ANNOTATOR, *command], QT_QPA_PLATFORM="offscreen")
        if code != 0:
            return code
    print(
        f"\nThe sample project, without a window because this session has no display:\n\n"
        f"    picture   {picture}\n"
        f"    JSON      {exported}\n"
        f"    project   {project}\n\n"
        f"For the window itself, give the same command in a desktop session, or through `ssh -X`.",
        flush=True,
    )
    return 0


def fresh_folder(parent: Path, name: str) -> Path:
    """A new folder: what an earlier start left may hold someone's work by now."""
    number = 1
    while True:
        folder = parent / f"{name}-{number}"
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            number += 1
        else:
            return folder


# Set-up


def prepare(purpose: str) -> None:
    """Install whatever is not there yet: system libraries, .venv, packages, the program itself."""
    started = time.monotonic()
    ready = is_ready(purpose)
    if sys.platform == "linux":
        prepare_system(purpose, needs_ensurepip=not ready)
    if ready:
        return
    prepare_venv()
    say(f"Python packages ({REQUIREMENTS[purpose]})")
    pip("install", "--require-hashes", "--no-compile", "-r", REQUIREMENTS[purpose])
    say("Annotator itself")
    pip("install", "--no-deps", "--no-build-isolation", "--editable", ".")
    compile_all()
    mark_ready(purpose)
    say(f"Set up in {time.monotonic() - started:.0f} s; the next start will find it in place")


def prepare_system(purpose: str, *, needs_ensurepip: bool) -> None:
    needed = system_packages.missing_libraries()
    if needs_ensurepip:
        needed += system_packages.missing_ensurepip()
    wanted = system_packages.missing_test_tools() if purpose == "test" else []
    if not needed and not wanted:
        return
    manager = system_packages.manager()
    prefix = system_packages.root_prefix()
    if manager and prefix is not None:
        say(f"System packages, by {manager}")
        system_packages.install(manager, needed + wanted, prefix)
        needed = system_packages.still_missing(needed)
        wanted = system_packages.still_missing(wanted)
    if needed:
        raise Stop(
            f"Annotator needs parts of the system that are missing: {', '.join(needed)}.\n"
            + system_packages.advice(manager, needed + wanted)
        )
    if wanted:
        say(f"{' and '.join(wanted)} missing: the end-to-end tests will be skipped")
        print(system_packages.advice(manager, wanted), flush=True)


def prepare_venv() -> None:
    if venv_works():
        return
    say(f"Python environment in {VENV}")
    # --clear, because what is there is of another Python or was left half done.
    if call([sys.executable, "-m", "venv", "--clear", VENV]) != 0:
        raise Stop(f"The Python environment in {VENV} could not be made; what Python said is above.")


def venv_works() -> bool:
    """Whether .venv's Python starts, is the one that it was made with, is new enough, and has pip."""
    if not PYTHON.exists():
        return False
    probe = "import sys, pip; print('%d.%d' % sys.version_info[:2]); sys.exit(sys.version_info < (3, 11))"
    result = subprocess.run([PYTHON, "-c", probe], capture_output=True, text=True)
    return result.returncode == 0 and made_with().startswith(f"{result.stdout.strip()}.")


def made_with() -> str:
    """The Python version that .venv was made with."""
    try:
        lines = (VENV / "pyvenv.cfg").read_text("utf-8").splitlines()
    except OSError:
        return ""
    settings = dict(line.partition("=")[::2] for line in lines)
    return next((value.strip() for key, value in settings.items() if key.strip().startswith("version")), "")


def pip(*arguments: str) -> None:
    """Run .venv's pip. Where packages come from is left to pip's own configuration."""
    if call([PYTHON, "-m", "pip", "--no-input", "--disable-pip-version-check", *arguments]) != 0:
        raise Stop("pip could not install the packages; what it said is above. The same command will go on from here.")


def compile_all() -> None:
    """Compile packages and program, on all processors: pip would take one, and leaves a checkout uncompiled. Where
    Python may not keep what it compiles (PYTHONDONTWRITEBYTECODE) every start would do it again."""
    say("Compiling")
    # Some packages hold files that no Python is meant to read: quiet about those.
    folders = "{*map(sysconfig.get_path, ('purelib', 'platlib')), 'annotator'}"
    script = f"for folder in {folders}: compileall.compile_dir(folder, quiet=2, workers=0)"
    call([PYTHON, "-c", f"import compileall, sysconfig\n{script}"])
    call([PYTHON, "-m", "annotator.pyside"], PYTHONDONTWRITEBYTECODE="")


def stamp(purpose: str) -> str:
    """Says what .venv was filled from: another list, project file, place or Python gives another stamp."""
    parts = [str(ROOT), os.path.realpath(PYTHON), made_with()]
    contents = [(ROOT / name).read_bytes() for name in (REQUIREMENTS[purpose], "pyproject.toml")]
    digest = hashlib.sha256("\n".join(parts).encode())
    for content in contents:
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def stamp_file(purpose: str) -> Path:
    return VENV / f"annotator-{purpose}.stamp"


def is_ready(purpose: str) -> bool:
    try:
        return stamp_file(purpose).read_text("utf-8") == stamp(purpose) and PYTHON.exists() and ANNOTATOR.exists()
    except OSError:
        return False


def mark_ready(purpose: str) -> None:
    for each in ("run", "test") if purpose == "test" else ("run",):
        stamp_file(each).write_text(stamp(each), "utf-8")


# Small things


def say(message: str) -> None:
    print(f"==> {message}", flush=True)


def call(command: list[str | Path], **environment: str) -> int:
    return subprocess.call([str(part) for part in command], env={**child_environment(), **environment})


def child_environment() -> dict[str, str]:
    environment = {**os.environ, "PIP_ROOT_USER_ACTION": "ignore"}
    # Qt warns in a locale that is not UTF-8, which is what a bare container or a cron job has.
    locale = next((value for key in ("LC_ALL", "LC_CTYPE", "LANG") if (value := os.environ.get(key))), "C")
    if sys.platform == "linux" and locale in ("C", "POSIX"):
        environment["LC_ALL"] = "C.UTF-8"
    return environment


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
