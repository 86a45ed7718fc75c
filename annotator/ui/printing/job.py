"""Paints an article's pages onto a printer or into a PDF file, a page at a time, so that the window stays alive."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPagedPaintDevice, QPainter
from PySide6.QtWidgets import QProgressDialog, QWidget

from annotator.ui.printing.pages import WIDTH, Article, Pages


class Job(QObject):
    """One printing. It tells when it is done, or that it was stopped or could not begin."""

    done = Signal(int)
    """How many pages were painted."""
    failed = Signal()
    stopped = Signal()

    def __init__(
        self, article: Article, device: QPagedPaintDevice, printed: Callable[[], QRectF], window: QWidget
    ) -> None:
        """`printed` gives what can be printed on of a page, in the device's pixels."""
        super().__init__(window)
        self._device = device
        self._painter = QPainter()
        area = printed()
        self._scale = area.width() / WIDTH
        self._pages = Pages(article, area.size())
        self._steps = self._work()
        self._progress = QProgressDialog(self.tr("Preparing pages…"), self.tr("Stop"), 0, 1000, window)
        self._progress.setWindowModality(Qt.WindowModality.WindowModal)
        self._progress.setWindowTitle(self.tr("Print"))
        self._progress.setMinimumDuration(400)
        self._progress.setAutoReset(False)
        self._progress.setAutoClose(False)
        self._progress.canceled.connect(self._stop)
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._step)

    def start(self) -> None:
        """Begin; the rest comes by itself."""
        self._timer.start()

    def _work(self) -> Iterator[float]:
        for share in self._pages.break_up():
            yield share / 2
        if not self._painter.begin(self._device):
            self._end()
            self.failed.emit()
            return
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        count = self._pages.count
        for number in range(count):
            if number and not self._device.newPage():
                self._end()
                self.failed.emit()
                return
            self._painter.save()
            self._painter.scale(self._scale, self._scale)
            self._pages.paint(self._painter, number)
            self._painter.restore()
            yield 0.5 + (number + 1) / count / 2
        self._end()
        self.done.emit(count)

    def _step(self) -> None:
        share = next(self._steps, None)
        if share is not None and not self._progress.wasCanceled():
            self._progress.setValue(min(999, int(share * 1000)))

    def _stop(self) -> None:
        if self._timer.isActive():
            self._end()
            self.stopped.emit()

    def _end(self) -> None:
        self._timer.stop()
        if self._painter.isActive():
            self._painter.end()
        self._progress.canceled.disconnect(self._stop)
        self._progress.close()
        self._progress.deleteLater()
        self.deleteLater()
