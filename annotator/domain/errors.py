"""Errors that a user can cause. Anything else that is raised is a bug."""


class AnnotatorError(Exception):
    """One plain sentence for the user, with a way out where there is one."""


class InvalidValue(AnnotatorError):
    """A field value, a name or a fragment that the codebook or the text does not allow."""


class AlreadyTagged(AnnotatorError):
    """The same coder has tagged the same stretch in the same layer before."""

    def __init__(self, message: str, annotation_id: str) -> None:
        super().__init__(message)
        self.annotation_id = annotation_id


class NotFound(AnnotatorError):
    """An id or a file that is not there (any more)."""


class ReadOnly(AnnotatorError):
    """The project was opened for reading only; the message says why."""


class FileRefused(AnnotatorError):
    """A file that cannot be read, is damaged, is of another kind, or is newer than the program."""


class NotSaved(FileRefused):
    """A step that the disk, the folder or another program kept from being saved; trying again may well help.

    Nothing of it is in the file, and all that was saved before is.
    """


class Busy(AnnotatorError):
    """A long piece of work in this very window is writing; a step can be made when it is through."""


class Damaged(FileRefused):
    """A project file that is damaged: a backup, or a copy of what can still be read, is the way out."""


class Conflict(AnnotatorError):
    """What an import or an undo would do meets something that has changed since."""

    def __init__(self, message: str, ids: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.ids = ids


class NothingToUndo(AnnotatorError):
    """There is no step to undo or redo."""


class Cancelled(AnnotatorError):
    """The user stopped a long piece of work; nothing of it was kept."""
