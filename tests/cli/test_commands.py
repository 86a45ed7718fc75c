"""The command line as scripts see it: what is done, what is refused in one line, and the exit status."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from annotator import __version__, cli, resources
from annotator.services.project import Project


class Result(NamedTuple):
    status: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run the program in this process."""

    def run(*arguments: object) -> Result:
        capfdbinary.readouterr()
        status = cli.main([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return Result(status, out.decode(), err.decode())

    return run


@pytest.fixture
def refused(run: Run) -> Run:
    """Run what must be refused, in one line."""

    def run_it(*arguments: object) -> Result:
        result = run(*arguments)
        assert result.status == 1, result
        assert len(result.err.splitlines()) == 1, result.err
        assert "Traceback" not in result.err
        assert result.out == ""
        return result

    return run_it


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text("date 2026-01-06 Ministers met in Paris. “We agree,” one said.")
    return path


@pytest.fixture
def study(tmp_path: Path, article: Path, run: Run) -> Path:
    path = tmp_path / "study.annot"
    assert run("new", path, article).status == 0
    return path


def counts(run: Run, project: Path) -> Any:
    return json.loads(run("info", project, "--json").out)


def project_json(*, note: str = "") -> str:
    text = "Syria agreed."
    return json.dumps(
        {
            "format": "annotator-project",
            "version": 1,
            "offset_unit": "unicode-code-point",
            "project": {"id": "p", "name": "Theirs"},
            "codebook": {
                "layers": [{"id": "l", "name": "Actor", "color": "#123456", "registry": None, "fields": []}],
                "link_types": [],
                "registries": [],
                "document_fields": [],
            },
            "coders": [{"id": "c", "name": "Ana"}],
            "entries": [],
            "documents": [
                {
                    "id": "d",
                    "title": "T",
                    "text": text,
                    "sha256": hashlib.sha256(text.encode()).hexdigest(),
                    "status": "new",
                    "metadata": {},
                    "annotations": [
                        {"id": "a", "layer": "Actor", "coder": "c", "fragments": [{"start": 0, "end": 5}], "note": note}
                    ],
                    "links": [],
                }
            ],
        }
    )


def test_new_with_files_and_without(run: Run, tmp_path: Path, article: Path) -> None:
    result = run("new", tmp_path / "a.annot", article)
    assert result == Result(0, f"{tmp_path / 'a.annot'} is made. 1 document added.\n", "")
    assert run("new", tmp_path / "b.annot").status == 0
    assert counts(run, tmp_path / "a.annot") == {
        "documents": 1,
        "annotations": 0,
        "links": 0,
        "entries": 0,
        "coders": 0,
        "layers": {"Actor": 0, "Claim": 0, "Source": 0, "Cue": 0},
    }


def test_new_never_overwrites_and_never_leaves_half(refused: Run, study: Path, article: Path, tmp_path: Path) -> None:
    before = study.read_bytes()
    assert "exists already" in refused("new", study, article).err
    assert study.read_bytes() == before
    bad = tmp_path / "bad.json"
    bad.write_text("{")
    assert str(bad) in refused("new", tmp_path / "c.annot", article, bad).err
    assert str(tmp_path / "gone") in refused("new", tmp_path / "gone" / "c.annot").err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["article.txt", "bad.json", "study.annot"]


def test_import_and_undo_in_two_processes(run: Run, study: Path, tmp_path: Path) -> None:
    (tmp_path / "theirs.json").write_text(project_json())
    before = counts(run, study)
    result = run("import", study, tmp_path / "theirs.json", "--coder", "Ben")
    assert (result.status, result.out) == (0, "1 coder, 1 document, 1 annotation added.\n")
    assert counts(run, study)["layers"]["Actor"] == 1
    again = run("import", study, tmp_path / "theirs.json")
    assert (again.status, again.out) == (0, "1 document, 1 annotation skipped, the same already there.\n")
    assert run("undo", study) == Result(0, "Undone: Import theirs.json\n", "")
    assert counts(run, study) == before
    log = json.loads(run("log", study, "--json").out)
    assert [(line["label"], line["kind"], line["coder"]) for line in log[:2]] == [
        ("Import theirs.json", "undo", log[0]["coder"]),
        ("Import theirs.json", "do", "Ben"),
    ]
    assert "Undo: Import theirs.json" in run("log", study).out


def test_import_a_folder_and_report_what_was_left_out(run: Run, refused: Run, study: Path, tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "a.txt").write_text("One.")
    (folder / "b.txt").write_bytes(bytes(range(256)))
    result = run("import", study, folder)
    assert (result.status, result.out) == (0, "1 document added.\n")
    assert "b.txt" in result.err
    (tmp_path / "nothing").mkdir()
    assert "no documents in it" in refused("import", study, tmp_path / "nothing").err


def test_what_import_refuses_changes_nothing(
    run: Run, refused: Run, study: Path, article: Path, tmp_path: Path
) -> None:
    before = counts(run, study)
    (tmp_path / "deep.json").write_text("[" * 100_000)
    (tmp_path / "new\nline.txt").write_text(" ")
    assert "nested too deeply" in refused("import", study, tmp_path / "deep.json").err
    assert "is not there" in refused("import", study, tmp_path / "nowhere.txt").err
    assert "no format “nonsense”" in refused("import", study, article, "--format", "nonsense").err
    assert "this text already" in refused("import", study, article).err
    assert "has no text" in refused("import", study, tmp_path / "new\nline.txt").err
    assert "is a project" in refused("import", study, study).err
    assert counts(run, study) == before


def test_a_conflict_is_refused(run: Run, refused: Run, study: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text(project_json())
    (tmp_path / "theirs.json").write_text(project_json(note="other"))
    run("import", study, tmp_path / "mine.json")
    assert "theirs.json was not imported: annotation “a”" in refused("import", study, tmp_path / "theirs.json").err


def test_export(run: Run, refused: Run, study: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    out.write_text("old")
    assert run("export", study, out) == Result(0, "", "")
    value = json.loads(out.read_bytes())
    assert value["generator"] == f"annotator {__version__}"
    assert value["documents"][0]["metadata"] == {"date": "2026-01-06"}
    assert run("export", study, "-", "--format", "json").out.encode() == out.read_bytes()
    assert run("export", study, "-").out.encode() == out.read_bytes()
    lines = run("export", study, "-", "--format", "jsonl").out.splitlines()
    assert len(lines) == 2
    assert "ending says no format" in refused("export", study, tmp_path / "out.xyz").err
    assert "no format “text” to write" in refused("export", study, tmp_path / "x.txt", "--format", "text").err
    assert "does not exist" in refused("export", study, tmp_path / "gone" / "out.json").err
    assert not (tmp_path / "out.xyz").exists()


def test_search(run: Run, refused: Run, study: Path) -> None:
    assert run("search", study, "paris").out == (
        "Ministers met in Paris. (33): date 2026-01-06 Ministers met in [Paris]. “We agree,” one said.\n"
    )
    (hit,) = json.loads(run("search", study, "we", "agree", "--json").out)[:1]
    assert (hit["match"].lower(), hit["title"]) in (("we", "Ministers met in Paris."), ("we agree", hit["title"]))
    assert json.loads(run("search", study, "Atlantis", "--json").out) == []
    assert str(study) in refused("search", study, " ").err


def test_check_and_damaged_projects(run: Run, refused: Run, study: Path, tmp_path: Path) -> None:
    assert run("check", study).out == f"{study} is sound.\n"
    cut = tmp_path / "cut.annot"
    cut.write_bytes(study.read_bytes()[: study.stat().st_size // 2])
    (tmp_path / "fake.annot").write_bytes(b"SQLite format 3\0" + os.urandom(4000))
    (tmp_path / "text.annot").write_text("hello")
    (tmp_path / "folder.annot").mkdir()
    for name in ("cut.annot", "fake.annot", "text.annot", "gone.annot", "folder.annot"):
        assert name in refused("check", tmp_path / name).err
        if name != "cut.annot":
            for command in ("info", "log", "undo"):
                assert name in refused(command, tmp_path / name).err
    assert not (tmp_path / "gone.annot").exists()


def test_a_project_open_elsewhere_can_be_read_but_not_changed(
    run: Run, refused: Run, study: Path, article: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.txt"
    other.write_text("Other")
    project = Project.open(study)
    try:
        assert counts(run, study)["documents"] == 1
        assert run("export", study, "-").status == 0
        assert run("check", study).status == 0
        assert run("search", study, "paris").status == 0
        for arguments in (("import", study, other), ("undo", study)):
            assert f"{study} was not changed: " in refused(*arguments).err
    finally:
        project.close()


def test_undo_until_nothing_is_left(run: Run, refused: Run, study: Path) -> None:
    assert run("undo", study).status == 0
    assert refused("undo", study).err == f"{study}: There is nothing to undo.\n"


def test_info_in_words(run: Run, study: Path) -> None:
    lines = run("info", study).out.splitlines()
    assert lines[0] == "study"
    assert "1 documents" in lines[1]


def test_formats(run: Run) -> None:
    formats = {line["name"]: line for line in json.loads(run("formats", "--json").out)}
    assert {"json", "jsonl", "text"} <= formats.keys()
    assert formats["json"] == {
        "name": "json",
        "title": "Annotator JSON",
        "extensions": [".json"],
        "reads": True,
        "writes": True,
        "loses": [],
        "options": [],
        "textless": True,
    }
    assert formats["csv"]["options"][-1] == "table"
    text = run("formats").out
    assert "Nothing is lost." in text
    assert "reads and writes" in text
    assert "Options: network." in text


def test_broken_plugins_are_told_but_do_no_harm(run: Run, monkeypatch: pytest.MonkeyPatch, study: Path) -> None:
    from importlib.metadata import EntryPoint, entry_points

    from annotator.interchange import registry

    def points(*, group: str) -> list[EntryPoint]:
        return [*entry_points(group=group), EntryPoint("broken", "annotator_of_nobody:Format", group)]

    monkeypatch.setattr(registry, "entry_points", points)
    result = run("formats", "--json")
    assert (result.status, len(result.err.splitlines())) == (0, 2)
    assert "“broken” was left out" in result.err
    assert {line["name"] for line in json.loads(result.out)} >= {"json", "jsonl", "text"}
    assert run("export", study, "-").err == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["export"],
        ["export", "x"],
        ["import", "x"],
        ["new"],
        ["info"],
        ["info", "x", "--yaml"],
        ["search", "x"],
        ["search", "x", "y", "--limit", "0"],
        ["render", "x"],
        ["render", "x", "y", "--size", "big"],
        ["render", "x", "y", "--size", "10x10"],
        ["render", "x", "y", "--size", "99999999999999x900"],
        ["render", "x", "y", "--document", "0"],
        ["render", "x", "y", "--theme", "pink"],
        ["import", "x", "y", "--coder", " "],
        ["x.annot", "y.annot"],
        ["--nonsense"],
        ["demo", "extra"],
    ],
)
def test_wrong_usage(arguments: list[str], run: Run) -> None:
    result = run(*arguments)
    assert result.status == 2
    assert result.err.startswith("usage: annotator")
    assert result.out == ""


def test_help_and_version(run: Run) -> None:
    assert run("--version") == Result(0, f"annotator {__version__}\n", "")
    for arguments in (["--help"], *([command, "--help"] for command in cli.COMMANDS)):
        result = run(*arguments)
        assert (result.status, result.err) == (0, "")


def test_a_project_that_is_not_there_is_no_command(refused: Run, tmp_path: Path) -> None:
    assert "no command either" in refused(tmp_path / "gone.annot").err


class Window:
    """Stands in for the window."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def run(self, *arguments: Any) -> int:
        self.calls.append(("run", *arguments))
        return 0

    def demo(self, project: Path, png: Path | None) -> int:
        opened = Project.open(project, read_only=True)
        self.calls.append(("demo", opened.info.name, png))
        opened.close()
        return 0

    def render(self, *arguments: Any) -> int:
        self.calls.append(("render", *arguments))
        return 0


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> Window:
    import annotator

    made = Window()
    monkeypatch.setitem(sys.modules, "annotator.app", made)  # type: ignore[arg-type]
    monkeypatch.setattr(annotator, "app", made, raising=False)
    return made


def test_the_window_gets_what_was_asked_for(run: Run, window: Window, study: Path, tmp_path: Path) -> None:
    png = tmp_path / "out.png"
    assert run().status == 0
    assert run(study).status == 0
    assert run("open", study).status == 0
    assert run("render", study, png).status == 0
    assert run("render", study, png, "--document", 2, "--size", "1024x700", "--theme", "dark", "--rtl").status == 0
    assert window.calls == [
        ("run", None),
        ("run", study),
        ("run", study),
        ("render", study, png, None, (1440, 900), "light", False),
        ("render", study, png, 2, (1024, 700), "dark", True),
    ]


def test_demo_makes_a_fresh_copy_of_the_sample(run: Run, refused: Run, window: Window, tmp_path: Path) -> None:
    path = tmp_path / "demo.annot"
    name = json.loads(resources.path("sample", "syria-israel-joint-statement.json").read_bytes())["project"]["name"]
    assert run("demo", "--project", path).status == 0
    assert run("check", path).status == 0
    assert "exists already" in refused("demo", "--project", path).err
    assert run("demo", "--png", tmp_path / "x.png").status == 0
    assert window.calls == [("demo", name, None), ("demo", name, tmp_path / "x.png")]
    assert "does not exist" in refused("demo", "--png", tmp_path / "gone" / "x.png").err


def test_render_refuses_before_it_opens_a_window(refused: Run, window: Window, study: Path, tmp_path: Path) -> None:
    assert "is a folder" in refused("render", study, tmp_path).err
    assert "gone.annot" in refused("render", tmp_path / "gone.annot", tmp_path / "x.png").err
    assert window.calls == []


def test_bugs_are_one_line_too(refused: Run, monkeypatch: pytest.MonkeyPatch, study: Path, tmp_path: Path) -> None:
    def broken(*_: Any) -> None:
        raise KeyError("what")

    monkeypatch.setattr(Project, "counts", broken)
    assert "Annotator made a mistake (KeyError: 'what')" in refused("info", study).err


# As a program of its own


def program(bin_: Path, *arguments: object, **options: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([bin_, *map(str, arguments)], capture_output=True, timeout=60, check=False, **options)


def test_a_reader_that_has_enough_is_no_error(annotator_bin: Path, study: Path, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"long{number}.txt").write_text(f"{number} " + "word " * 100_000)
    assert program(annotator_bin, "import", study, *sorted(tmp_path.glob("long*.txt"))).returncode == 0
    with subprocess.Popen(
        [annotator_bin, "export", study, "-"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(10).startswith(b'{"format"')
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_on_standard_output(annotator_bin: Path, study: Path) -> None:
    with open("/dev/full", "wb") as full:
        for command in (("export", study, "-"), ("info", study)):
            result = subprocess.run(
                [annotator_bin, *map(str, command)], stdout=full, stderr=subprocess.PIPE, check=False, timeout=60
            )
            assert result.returncode == 1
            assert len(result.stderr.splitlines()) == 1
            assert b"No space left" in result.stderr


def test_the_output_is_utf8_whatever_the_locale(annotator_bin: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("قال مسؤول سوري إن المبادرة فرصة.", "utf-8")
    env = {**os.environ, "PYTHONIOENCODING": "ascii"}
    assert program(annotator_bin, "new", "دراسة.annot", "a.txt", cwd=tmp_path, env=env).returncode == 0
    found = program(annotator_bin, "search", "دراسة.annot", "سوري", cwd=tmp_path, env=env)
    assert "[سوري]" in found.stdout.decode("utf-8")
    assert program(annotator_bin, "info", "غائب.annot", cwd=tmp_path, env=env).returncode == 1


@pytest.mark.skipif(sys.platform != "linux", reason="file names are Unicode here")
def test_a_file_name_that_is_no_unicode(annotator_bin: Path, study: Path, tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(path, "wb") as file:
        file.write(b"date 2026-01-06\n")
    result = subprocess.run([annotator_bin, "import", study, path], capture_output=True, timeout=60, check=False)
    assert (result.returncode, result.stderr) == (0, b"")
    again = subprocess.run([annotator_bin, "import", study, path], capture_output=True, timeout=60, check=False)
    assert (again.returncode, len(again.stderr.splitlines())) == (1, 1)
    assert b"already" in again.stderr


def test_what_needs_no_window_loads_none() -> None:
    code = "import sys; from annotator import cli; cli.main(['formats']); print(sorted(sys.modules), file=sys.stderr)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for heavy in ("PySide6", "sqlalchemy", "charset_normalizer", "rapidfuzz", "typer"):
        assert f"'{heavy}'" not in result.stderr


def test_export_of_a_part(run: Run, refused: Run, tmp_path: Path) -> None:
    project = tmp_path / "study.annot"
    run("new", project, resources.path("sample", "syria-israel-joint-statement.json"))

    def told(*wishes: object) -> Any:
        result = run("export", project, "-", *wishes)
        assert result.status == 0, result
        return json.loads(result.out)

    claims = told("--layer", "claim", "--anonymise", "--status", "new", "--status", "done", "--status", "in progress")
    assert {a["layer"] for a in claims["documents"][0]["annotations"]} == {"Claim"}
    assert claims["coders"] == [{"id": "coder-1", "name": "Coder 1"}]
    bare = told(
        "--without-texts", "--search", "Axios", "--since", "2026-01", "--document", 1, "--coder", "Sample coder"
    )
    assert "text" not in bare["documents"][0]
    assert bare["documents"][0]["annotations"][0]["fragments"][0].keys() == {"start", "end"}
    assert told("--tagged-until", "2020")["documents"][0]["annotations"] == []
    assert "no article is as wished" in refused("export", project, "-", "--where", "outlet=Nobody").err
    assert "there is no layer" in refused("export", project, "-", "--layer", "Nobody").err.casefold()
    assert "the project has 1" in refused("export", project, "-", "--document", 2).err
    assert "no option" in refused("export", project, "-", "--option", "pretty=yes").err
    for wrong in (
        ("--since", "soon"),
        ("--since", "2026-1-6"),
        ("--until", "2026-02-30"),
        ("--where", "outlet"),
        ("--document", "x"),
        ("--search", " "),
        ("--status", "x"),
    ):
        assert run("export", project, "-", *wrong).status == 2
