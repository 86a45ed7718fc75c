"""The command line: a contract that scripts rely on.

Exit status 0: done. 1: refused, with one line on standard error that names the file and the reason. 2: wrong usage.
Everything heavy is imported where it is used, so that the program starts at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator import __version__, cli_export, collector
from annotator.domain.errors import AnnotatorError, FileRefused

if TYPE_CHECKING:
    from annotator.services.import_report import ImportReport
    from annotator.services.project import Project


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; the exit status is returned."""
    if arguments is None:  # as a program of its own
        collector.go_on()
    given = list(sys.argv[1:] if arguments is None else arguments)
    subject = ""
    try:
        if given and given[0] not in COMMANDS and not given[0].startswith("-"):
            given.insert(0, "open")
        options = _parser().parse_args(given or ["open"])
        subject = str(getattr(options, "project", None) or "")
        status = options.run(options)
        sys.stdout.flush()
        return int(status or 0)
    except SystemExit as end:  # argparse: 2 after wrong usage, 0 after --help
        with suppress(OSError):
            sys.stdout.flush()
            return end.code if isinstance(end.code, int) else 2
        _leave_output()
        return 1
    except BrokenPipeError:
        _leave_output()  # whoever read it has enough
        return 0
    except KeyboardInterrupt:
        return _refused("Stopped; nothing of it was kept.", subject, 130)
    except AnnotatorError as error:
        return _refused(str(error), subject)
    except MemoryError:
        return _refused("This needs more memory than this computer has; nothing was changed.", subject)
    except OSError as error:
        if error.filename is None:
            _leave_output()
        return _refused(f"{error.filename or 'Standard output'}: {error.strerror or error}.", subject)
    except Exception as error:
        if os.environ.get("ANNOTATOR_DEBUG"):
            raise
        told = f"Annotator made a mistake ({type(error).__name__}: {error}); nothing was changed. Please report it."
        return _refused(told, subject)


def _leave_output() -> None:
    """Standard output cannot be written any more: what is left in its buffer must not be tried again when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _refused(message: str, subject: str, status: int = 1) -> int:
    if subject and subject not in message:
        message = f"{subject}: {message}"
    try:
        print(" ".join(message.split()), file=sys.stderr)
    except OSError:
        pass
    return status


# Usage


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="annotator",
        description="Read news articles and record who says what, according to whom.",
        epilog="Without a command: annotator [PROJECT] opens the window.",
    )
    parser.add_argument("--version", action="version", version=f"annotator {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, run: Callable[[argparse.Namespace], int | None], about: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=about, description=about)
        made.set_defaults(run=run)
        return made

    made = command("open", _open, "open the window on a project, or on the welcome page")
    made.add_argument("project", nargs="?", metavar="PROJECT", type=Path)

    made = command("demo", _demo, "open the window on a fresh copy of the sample project")
    made.add_argument("--project", metavar="PATH", type=Path, help="where to make the copy (else a temporary folder)")
    made.add_argument("--png", metavar="OUT.png", type=Path, help="paint the window to a picture, without a display")

    made = command("new", _new, "make a project, with these files in it")
    _project(made)
    made.add_argument("files", nargs="*", metavar="FILE", type=Path)
    made.add_argument("--format", metavar="NAME", help="read the files as this format")
    made.add_argument("--coder", metavar="NAME", type=_name, help="who imports")
    _options(made)
    made.add_argument(
        "--map", metavar="THEIRS=OURS", type=_pair, action="append", help="call a layer or role otherwise"
    )

    made = command("import", _import, "import files and folders into a project, as one step that can be undone")
    _project(made)
    made.add_argument("files", nargs="+", metavar="FILE", type=Path)
    made.add_argument("--format", metavar="NAME", help="read the files as this format")
    made.add_argument("--coder", metavar="NAME", type=_name, help="who imports")
    _options(made)
    made.add_argument(
        "--map", metavar="THEIRS=OURS", type=_pair, action="append", help="call a layer or role otherwise"
    )

    made = command("export", _export, "write a project to a file or a folder, or to standard output (-)")
    _project(made)
    made.add_argument("out", metavar="OUT", help="a format of several files writes a zip, or a folder if this is one")
    made.add_argument("--format", metavar="NAME", help="the format, where the ending of OUT does not say it")
    _options(made)
    cli_export.add_arguments(made)

    made = command("info", _info, "count what is in a project")
    _project(made)
    _json(made)

    made = command("check", _check, "check that a project is sound")
    _project(made)

    made = command("salvage", _salvage, "make a new project of all that can still be read of a damaged one")
    _project(made)
    made.add_argument("to", metavar="TO", type=Path, help="the new project")

    made = command("backups", _backups, "list the backups of a project, newest first, or restore one to a copy")
    _project(made)
    made.add_argument("--restore", nargs=2, metavar=("N", "TO"), help="copy the backup of this number to TO")

    made = command("search", _search, "search the articles of a project")
    _project(made)
    made.add_argument(
        "query", metavar="QUERY", nargs="+", help='words, "phrases", pre*, AND, OR, NOT; filters such as status:done'
    )
    how = made.add_mutually_exclusive_group()
    how.add_argument("--regex", dest="mode", action="store_const", const="regex", help="QUERY is a regular expression")
    how.add_argument("--text", dest="mode", action="store_const", const="text", help="these characters, also in words")
    made.add_argument("--exact", action="store_true", help="upper and lower case and accents count")
    made.add_argument("--whole", action="store_true", help="with --regex and --text: no parts of words")
    made.add_argument("--limit", metavar="N", type=_positive, default=sys.maxsize)
    _json(made)

    made = command("undo", _undo, "take back the last step")
    _project(made)

    made = command("log", _log, "list what was done, newest first")
    _project(made)
    _json(made)

    made = command("formats", _formats, "list the formats: what is read, what is written, and what is lost")
    _json(made)

    made = command("render", _render, "paint the window to a picture, without a display")
    _project(made)
    made.add_argument("out", metavar="OUT.png", type=Path)
    made.add_argument("--document", metavar="N", type=_positive, help="which article, from 1 on")
    made.add_argument("--size", metavar="WIDTHxHEIGHT", type=_size, default=(1440, 900))
    made.add_argument("--theme", choices=("light", "dark"), default="light")
    made.add_argument("--rtl", action="store_true", help="mirrored, as in Arabic")
    return parser


COMMANDS = frozenset((
    "open", "demo", "new", "import", "export", "info", "check", "salvage", "backups", "search", "undo", "log", "formats",
    "render",
))  # fmt: skip


def _project(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", metavar="PROJECT", type=Path)


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--option", metavar="KEY=VALUE", type=_pair, action="append", help="a wish that the format knows"
    )


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="as JSON")


def _name(value: str) -> str:
    if not value.strip():
        raise argparse.ArgumentTypeError("a name must not be empty")
    return value.strip()


def _pair(value: str) -> tuple[str, str]:
    key, equals, of = value.partition("=")
    if not equals or not key.strip() or not of.strip():
        raise argparse.ArgumentTypeError(f"{value!r} is not two names such as Content=Claim")
    return key.strip(), of.strip()


def _wishes(options: argparse.Namespace) -> dict[str, str]:
    """What goes to the format: its options, and the renamings as one of them, a line each."""
    wishes = dict(options.option or ())
    renamed = getattr(options, "map", None)
    if renamed:
        wishes["map"] = "\n".join(f"{theirs}={ours}" for theirs, ours in renamed)
    return wishes


def _positive(value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 0 < int(value[:12]) <= 10**9:
        raise argparse.ArgumentTypeError(f"{value!r} is not a number from 1 on")
    return int(value)


def _size(value: str) -> tuple[int, int]:
    width, x, height = value.lower().partition("x")
    if not (x and width.isascii() and height.isascii() and width.isdigit() and height.isdigit()):
        raise argparse.ArgumentTypeError(f"{value!r} is not a size such as 1440x900")
    size = int(width[:6]), int(height[:6])
    if not (200 <= size[0] <= 10_000 and 200 <= size[1] <= 10_000):
        raise argparse.ArgumentTypeError(f"{value!r} is not between 200x200 and 10000x10000")
    return size


# The window


def _open(options: argparse.Namespace) -> int:
    project: Path | None = options.project
    if project is not None and not project.exists():
        raise FileRefused(f"{project} is not there, and is no command either; annotator --help lists them.")
    from annotator import app

    return app.run(project)


def _demo(options: argparse.Namespace) -> int:
    from annotator import app

    if options.png is not None:
        _check_folder(options.png)
    if options.project is not None:
        return _demo_on(app, options.project, options.png)
    import tempfile

    with tempfile.TemporaryDirectory(prefix="annotator-") as folder:
        return _demo_on(app, Path(folder) / "Sample.annot", options.png)


def _demo_on(app: Any, path: Path, png: Path | None) -> int:
    from annotator.services.sample import build_sample

    build_sample(path)
    return int(app.demo(path, png))


def _render(options: argparse.Namespace) -> int:
    _check_folder(options.out)
    with _opened(options.project, read_only=True):
        pass
    from annotator import app

    return app.render(options.project, options.out, options.document, options.size, options.theme, options.rtl)


def _check_folder(out: Path) -> None:
    if out.is_dir():
        raise FileRefused(f"{out} was not written: it is a folder.")
    if not out.parent.is_dir():
        raise FileRefused(f"{out} was not written: the folder {out.parent} does not exist.")


# Projects and files


@contextmanager
def _opened(path: Path, *, read_only: bool = False, must_write: bool = False, coder: str = "") -> Iterator[Project]:
    from annotator.services.project import Project

    project = Project.open(path, coder=coder, read_only=read_only)
    try:
        if must_write and project.read_only:
            raise FileRefused(f"{path} was not changed: {project.read_only_reason}.")
        yield project
    finally:
        project.close()


def _new(options: argparse.Namespace) -> None:
    from annotator.services.sample import create_with

    with _Progress("Importing") as progress:
        report = create_with(
            options.project, options.files, options.coder or "", options.format, progress, _wishes(options)
        )
    _say(f"{options.project} is made. {_report(report) if report else ''}".rstrip())


def _import(options: argparse.Namespace) -> None:
    from annotator.services.importing import import_files

    with _opened(options.project, must_write=True, coder=options.coder or "") as project:
        with _Progress("Importing") as progress:
            report = import_files(
                project, options.files, options.format, options.coder, progress=progress, options=_wishes(options)
            )
        project.index_texts()
    _say(_report(report))


def _report(report: ImportReport) -> str:
    for remark in report.remarks:
        print(f"{remark.where}: {remark.text}", file=sys.stderr)
    return report.summary()


def _export(options: argparse.Namespace) -> None:
    from annotator.interchange.registry import Formats
    from annotator.services.exporting import export_file, export_to

    formats = Formats()
    # A search may have to bring its index up to date, which writes.
    with _opened(options.project, read_only=not options.search) as project, _Progress("Exporting") as progress:
        extract = cli_export.extract_of(options, project)
        if options.out == "-":
            exporter = formats.exporter(None, options.format or "json")
            wishes = {"name": "-", **_wishes(options)}
            export_to(project, sys.stdout.buffer, exporter, progress, options=wishes, extract=extract)
            sys.stdout.buffer.flush()
        else:
            export_file(
                *(project, Path(options.out), options.format, progress),
                formats=formats,
                options=_wishes(options),
                folder=options.out.endswith(("/", os.sep)),
                extract=extract,
            )


def _info(options: argparse.Namespace) -> None:
    with _opened(options.project, read_only=True) as project:
        counts, name = project.counts(), project.info.name
    if options.json:
        return _say_json(counts)
    _say(name)
    for key, value in counts.items():
        if isinstance(value, dict):
            for layer, count in value.items():
                _say(f"    {count:>8,} {layer}")
        else:
            _say(f"{value:>8,} {key}")


def _check(options: argparse.Namespace) -> None:
    from annotator.services.checking import check_file

    with _Progress("Checking") as progress:
        found = check_file(options.project, progress)
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise FileRefused(f"{options.project} is not sound: {found[0].rstrip('.')}{more}.")
    _say(f"{options.project} is sound.")


def _salvage(options: argparse.Namespace) -> None:
    from annotator.services.rescue import salvage

    report = salvage(options.project, options.to)
    for sentence in report.lost:
        print(sentence, file=sys.stderr)
    _say(f"{options.to} is made. {report.summary()}")


def _backups(options: argparse.Namespace) -> None:
    from annotator.services.rescue import backups_of, restore

    found = backups_of(options.project)
    if options.restore is None:
        for number, each in enumerate(found, 1):
            _say(f"{number:>3}  {each.made.astimezone():%Y-%m-%d %H:%M}  {each.size:>14,} bytes  {each.path}")
        if not found:
            _say(f"There is no backup of {options.project}.")
        return
    number, to = options.restore
    if not number.isascii() or not number.isdigit() or not 0 < int(number[:9]) <= len(found):
        raise FileRefused(f"{options.project} has no backup {number}; it has {len(found)}.")
    restore(found[int(number) - 1].path, Path(to))
    _say(f"{to} is made from the backup of {found[int(number) - 1].made.astimezone():%Y-%m-%d %H:%M}.")


def _search(options: argparse.Namespace) -> None:
    with _opened(options.project) as project:
        hits = project.search.find(
            " ".join(options.query),
            options.limit,
            mode=options.mode or "words",
            exact=options.exact,
            whole=options.whole,
        )
    if options.json:
        names = ("document_id", "title", "start", "end", "before", "match", "after")
        return _say_json([{name: getattr(hit, name) for name in names} for hit in hits])
    for hit in hits:
        line = f"{hit.before}[{hit.match}]{hit.after}"
        _say(f"{hit.title} ({hit.start}): {' '.join(line.split())}")


def _undo(options: argparse.Namespace) -> None:
    with _opened(options.project, must_write=True) as project:
        step = project.undo_label
        project.undo()
    _say(f"Undone: {step.label if step else ''}")


def _log(options: argparse.Namespace) -> None:
    with _opened(options.project, read_only=True) as project:
        steps = project.history(10**9)
    if options.json:
        names = ("number", "action", "what", "label", "coder", "at", "kind", "state")
        return _say_json([{name: getattr(step, name) for name in names} for step in steps])
    for step in steps:
        note = {"undo": "Undo: ", "redo": "Redo: "}.get(step.kind, "")
        state = "" if step.kind != "do" or step.state == "done" else f" ({step.state})"
        _say(f"{step.at}  {step.coder}  {note}{step.label}{state}")


def _formats(options: argparse.Namespace) -> None:
    from annotator.interchange.registry import Formats

    formats = Formats()
    if options.json:
        from dataclasses import asdict

        _say_json([asdict(info) for info in formats.infos()])
    else:
        for info in formats.infos():
            does = " and ".join(word for word, can in (("reads", info.reads), ("writes", info.writes)) if can)
            _say(f"{info.name:<10} {info.title} ({', '.join(info.extensions)}): {does}")
            for sentence in info.told():
                _say(f"{'':<10}   {sentence}")
    for problem in formats.problems:
        print(problem, file=sys.stderr)


# Output


def _say(text: str) -> None:
    """A line on standard output, in UTF-8 whatever the system's habit is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def _say_json(value: object) -> None:
    import json

    _say(json.dumps(value, ensure_ascii=False, indent=2))


class _Progress:
    """How far long work is: one line on standard error, after a second, and only where a person looks at it."""

    def __init__(self, what: str) -> None:
        import time

        self._what = what
        self._clock = time.monotonic
        self._next = self._clock() + 1.0
        self._seen = sys.stderr.isatty()
        self._shown = False

    def __enter__(self) -> _Progress:
        return self

    def __call__(self, done: int, total: int) -> None:
        if self._seen and self._clock() >= self._next:
            self._next = self._clock() + 0.1
            self._shown = True
            print(f"\r{self._what}: {100 * done // max(total, 1)}%", end="", file=sys.stderr, flush=True)

    def __exit__(self, *_: object) -> None:
        if self._shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
