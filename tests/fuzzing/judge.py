"""What must hold of any import, whatever the file is: it is taken and all is well, or refused in one sentence."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path

from annotator.domain.errors import AnnotatorError
from annotator.interchange.registry import Formats
from annotator.services.checking import problems
from annotator.services.importing import import_files
from annotator.services.project import Project
from tests.fuzzing.mutate import mutated
from tests.fuzzing.samples import SAMPLES, good

LONGEST_SENTENCE = 1500
OTHERS = "Ministers met on Tuesday. Smith said no."


class Judge:
    """A project that files are imported into, one by one, and taken back out of."""

    def __init__(self, folder: Path, formats: Formats | None = None) -> None:
        self.formats = formats or Formats()
        self._folder = folder
        self._project = Project.create(folder / "study.annot", coder="Ana")
        self._project.documents.add("There before", OTHERS)
        self._before = self._state()

    def close(self) -> None:
        self._project.close()

    def _state(self) -> object:
        return self._project.counts(), self._project.codebook, self._project.undo_label

    def broken(self, name: str, seed: int) -> Path:
        """The good file of this format, broken as the seed will have it."""
        path = self._folder / SAMPLES[name][0]
        path.write_bytes(mutated(good(name), random.Random(f"{name} {seed}")))
        return path

    def faults(self, name: str | None, path: Path) -> tuple[str, list[str]]:
        """How the import of this file ended (taken or refused), and what was wrong with that."""
        try:
            report = import_files(self._project, [path], name, formats=self.formats)
        except AnnotatorError as error:
            return "refused", [*_of_sentence(str(error), path), *self._unchanged("a refused import")]
        except Exception as error:
            return "broken", [f"raised {type(error).__name__}: {error}", *self._unchanged("an import that broke")]
        found = problems(self._project)
        for remark in report.remarks:
            if not remark.text or "\n" in remark.text or len(remark.text) > LONGEST_SENTENCE:
                found.append(f"a remark that is none: {remark.text[:200]!r}")
        if self._state() != self._before:
            # It makes room for the next file, too.
            self._project.undo()
            found += self._unchanged("an import that was undone")
        return "taken", found

    def _unchanged(self, after: str) -> list[str]:
        return [] if self._state() == self._before else [f"{after} changed the project"]


def _of_sentence(told: str, path: Path) -> list[str]:
    faults = []
    if not told.endswith("."):
        faults.append(f"no sentence: {told[-200:]!r}")
    if "\n" in told or len(told) > LONGEST_SENTENCE:
        faults.append(f"not one line of a reader's length: {told[:200]!r}")
    if path.name not in told:
        faults.append(f"does not name the file: {told[:200]!r}")
    return faults


class Fuzzer:
    """Goes on breaking files of all formats: the long form, without end."""

    def __init__(self, folder: Path, seed: int, names: tuple[str, ...] = ()) -> None:
        self.judge = Judge(folder)
        self.seed = seed
        self.counts: Counter[str] = Counter()
        self.failures: list[str] = []
        self.slowest: tuple[float, str] = (0.0, "")
        """Seconds of processor time, and which file took them."""
        self._names = names or tuple(sorted(self.judge.formats.importers))

    def one(self) -> None:
        """Break one file and import it."""
        number = self.counts["files"]
        name = self._names[number % len(self._names)]
        seed = self.seed + number
        self.counts["files"] += 1
        path = self.judge.broken(name, seed)
        before = time.process_time()
        how, faults = self.judge.faults(name, path)
        took = time.process_time() - before
        self.counts[f"files {how}"] += 1
        self.slowest = max(self.slowest, (round(took, 2), f"{name} {seed}"))
        self.failures += [f"{name}, seed {seed}: {fault}" for fault in faults]
