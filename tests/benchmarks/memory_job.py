"""One job in a process of its own, whose peak of memory over the start is printed in MiB.

The program's own code (SQLAlchemy, the formats) is loaded before: what counts is what the data takes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def start() -> float:
    """Begin to watch: the memory in use now, in MiB."""
    if RESET.exists():
        # Where the system allows it: a process begins with the peak of the one that started it.
        RESET.write_text("5")
    return peak()


def peak() -> float:
    """The most memory that this process has had since, in MiB."""
    if STATUS.exists():
        line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """export SOURCE TARGET, import SOURCE TARGET, or load SOURCE."""
    job, source, target = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if job == "load":
        before = start()
        data = json.loads(source.read_text("utf-8"))
        assert data
    else:
        from annotator import collector
        from annotator.interchange.registry import Formats
        from annotator.services.exporting import export_file
        from annotator.services.importing import import_files
        from annotator.services.project import Project

        collector.go_on()
        target.unlink(missing_ok=True)
        formats = Formats()
        if job == "export":
            project = Project.open(source, read_only=True)
            before = start()
            export_file(project, target, formats=formats)
        else:
            project = Project.create(target)
            before = start()
            import_files(project, [source], formats=formats)
        project.close()
    print(peak() - before)


if __name__ == "__main__":
    main()
