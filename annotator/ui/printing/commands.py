"""Print, and save as PDF: what is asked first, and what is said afterwards."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale, QMarginsF, QRectF
from PySide6.QtGui import QPageLayout, QPdfWriter
from PySide6.QtWidgets import QFileDialog, QWidget

from annotator.ui.article.header import shown_date
from annotator.ui.printing.job import Job
from annotator.ui.printing.pages import Article, usual_paper
from annotator.ui.settings import settings
from annotator.ui.workspace import Workspace

_MARGINS = QMarginsF(17, 15, 17, 13)  # millimetres


def _tr(text: str) -> str:
    return QCoreApplication.translate("Printing", text)


def open_article(workspace: Workspace) -> Article | None:
    """The article that is open, as it is printed."""
    project, document = workspace.project, workspace.document
    if project is None or document is None:
        return None
    about = (document.metadata.get("outlet", ""), shown_date(document.metadata.get("date", "")))
    coder = _tr("coded by {name}").replace("{name}", project.coder) if project.coder else ""
    # Each part keeps its own direction.
    details = "  ·  ".join(f"\u2068{part}\u2069" for part in (*about, coder) if part)
    marked = list(workspace.annotations.values())
    numbers = {claim.id: number for number, claim in workspace.numbered_claims()}
    return Article(document.title, details, workspace.text, project.codebook.layers, marked, numbers)


def save_pdf(workspace: Workspace, window: QWidget) -> None:
    """Ask where to, and write the open article there."""
    article = open_article(workspace)
    if article is None:
        return
    name = re.sub(r'[\\/:*?"<>|\x00-\x1f]+', " ", article.title).strip()[:80] or "article"
    folder = settings().last_folder or str(Path.home())
    asked = str(Path(folder) / f"{name}.pdf")
    chosen, _ = QFileDialog.getSaveFileName(window, _tr("Save as PDF"), asked, _tr("PDF files (*.pdf)"))
    if not chosen:
        return
    path = Path(chosen if chosen.lower().endswith(".pdf") else f"{chosen}.pdf")
    settings().last_folder = str(path.parent)
    write_pdf(article, path, workspace, window)


def write_pdf(article: Article, path: Path, workspace: Workspace, window: QWidget) -> Job | None:
    """Write an article beside its place first, so that a PDF that is there stays whole until the new one is."""
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.touch()
    except OSError:
        _not_saved(window, path)
        return None
    writer = QPdfWriter(str(beside))
    writer.setTitle(article.title)
    writer.setCreator("Annotator")
    writer.setResolution(600)
    imperial = QLocale().measurementSystem() == QLocale.MeasurementSystem.ImperialUSSystem
    writer.setPageLayout(
        QPageLayout(usual_paper(imperial), QPageLayout.Orientation.Portrait, _MARGINS, QPageLayout.Unit.Millimeter)
    )
    job = Job(article, writer, lambda: QRectF(writer.pageLayout().paintRectPixels(writer.resolution())), window)

    def failed() -> None:
        beside.unlink(missing_ok=True)
        _not_saved(window, path)

    def done(pages: int) -> None:
        try:
            beside.replace(path)
        except OSError:
            failed()
            return
        one, many = _tr("1 page saved: {path}"), _tr("{n} pages saved: {path}")
        told = one if pages == 1 else many.replace("{n}", str(pages))
        workspace.hint.emit(told.replace("{path}", str(path)))

    job.done.connect(done)
    job.failed.connect(failed)
    job.stopped.connect(lambda: beside.unlink(missing_ok=True))
    job.start()
    return job


def _not_saved(window: QWidget, path: Path) -> None:
    from annotator.ui.dialogs.message import show_error

    show_error(window, _tr("No PDF was saved"), _tr("{path} cannot be written.").replace("{path}", str(path)))


def print_article(workspace: Workspace, window: QWidget) -> None:
    """Ask for a printer, and print the open article."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    article = open_article(workspace)
    if article is None:
        return
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(article.title)
    printer.setPageMargins(_MARGINS, QPageLayout.Unit.Millimeter)
    dialog = QPrintDialog(printer, window)
    dialog.setWindowTitle(_tr("Print"))

    def accepted(*_: object) -> None:
        from annotator.ui.dialogs.message import show_error

        job = Job(article, printer, lambda: printer.pageRect(QPrinter.Unit.DevicePixel), window)
        job.done.connect(lambda pages: workspace.hint.emit(_tr("Pages printed: {n}").replace("{n}", str(pages))))
        job.failed.connect(lambda: show_error(window, _tr("Nothing was printed"), _tr("The printer took no page.")))
        job.start()

    dialog.accepted.connect(accepted)
    dialog.finished.connect(dialog.deleteLater)
    dialog.setModal(True)
    dialog.show()
