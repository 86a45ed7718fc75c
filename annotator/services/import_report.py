"""What an import did, by kind of thing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from annotator.domain.exchange import Remark


@dataclass
class ImportReport:
    """What an import did, by kind of thing."""

    added: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    """There already, with the same content."""
    kept: Counter[str] = field(default_factory=Counter)
    """There already with other content, and left as it was."""
    replaced: Counter[str] = field(default_factory=Counter)
    remarks: list[Remark] = field(default_factory=list)

    def summary(self) -> str:
        """One sentence."""
        parts = [_counted(self.added, "added")] if self.added else []
        if self.replaced:
            parts.append(_counted(self.replaced, "replaced"))
        if self.kept:
            parts.append(f"{_counted(self.kept, 'kept')} as in the project")
        if self.skipped:
            parts.append(f"{_counted(self.skipped, 'skipped')}, the same already there")
        return ("; ".join(parts) or "Nothing new") + "."


def _counted(counts: Counter[str], done: str) -> str:
    names = []
    for kind, count in counts.items():
        plural = kind[:-1] + "ies" if kind.endswith("y") else kind + ("es" if kind.endswith("ch") else "s")
        names.append(f"{count} {kind if count == 1 else plural}")
    return f"{', '.join(names)} {done}"
