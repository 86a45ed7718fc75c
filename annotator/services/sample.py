"""The sample project: built from the exports in `resources/sample`, exactly as a user would import them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from annotator import resources
from annotator.domain.errors import FileRefused
from annotator.services.importing import ImportReport, import_files
from annotator.services.project import Project

_SAMPLE = "syria-israel-joint-statement.json"


def sample_files() -> list[Path]:
    """The export that makes the sample project."""
    path = resources.path("sample", _SAMPLE)
    if not path.exists():
        raise FileRefused(f"{path} is missing: there is no sample project; install Annotator again.")
    return [path]


def build_sample(path: Path) -> None:
    """Make a project file with the sample in it. Raises FileRefused where there is a file already."""
    create_with(path, sample_files())


def create_with(
    path: Path,
    files: list[Path],
    coder: str = "",
    format_name: str | None = None,
    progress: Callable[[int, int], object] | None = None,
    options: Mapping[str, str] | None = None,
) -> ImportReport | None:
    """A new project with these files in it, or no new project at all."""
    project = Project.create(path, coder=coder)
    try:
        report = import_files(project, files, format_name, progress=progress, options=options) if files else None
        project.index_texts()
        project.close()
    except BaseException:
        project.close()
        path.unlink(missing_ok=True)
        raise
    return report


def open_sample(coder: str = "") -> Project:
    """The user's own copy of the sample project, made on first use in the program's data folder."""
    from platformdirs import user_data_path

    path = user_data_path("annotator", appauthor=False) / "Sample project.annot"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        build_sample(path)
    return Project.open(path, coder=coder)
