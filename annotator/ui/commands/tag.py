"""The Tag menu: tag, link, move edges, add fragments, delete."""

from __future__ import annotations

from PySide6.QtCore import QObject

from annotator.domain.errors import AlreadyTagged
from annotator.domain.model import Annotation, Fragment
from annotator.ui.article.pane import ArticlePane
from annotator.ui.commands.edges import Step, character_step, word_step
from annotator.ui.commands.link_hints import LinkHints
from annotator.ui.panel.entry_picker import pick_entries
from annotator.ui.workspace import Workspace


class TagCommands(QObject):
    """Works on the selection or the word at the caret, and on the active annotation."""

    def __init__(self, workspace: Workspace, pane: ArticlePane) -> None:
        super().__init__(pane)
        self._workspace = workspace
        self._pane = pane
        self._reader = pane.reader
        self._last: str | None = None
        """The annotation tagged last: while the caret is still at it, keys mean it before the active one."""
        self._relaying = False
        """Whether the source tagged last was a reporter: the next cue is then the reporter's."""
        self._hints = LinkHints(workspace, pane.reader)
        pane.suggestions.accepted.connect(self._follow)
        workspace.active_changed.connect(self._forget)
        workspace.document_opened.connect(lambda _id: self._forget())

    def _forget(self) -> None:
        self._last, self._relaying = None, False

    # Tagging

    def layer(self, layer_id: str) -> None:
        """Tag in a layer; a source or a cue joins the active claim's attribution."""
        project, claim = self._workspace.project, self._workspace.active_claim
        if project is None:
            return
        role = next((r for r in ("source", "cue") if self._in_role(layer_id, r)), "")
        if claim is None or not role:
            self._tag(layer_id, None)
            return
        card = self._workspace.active_card
        levels = card.levels if card else []
        relay = role == "cue" and self._relaying and len(levels) > 1 and not levels[-1].cues
        self._tag(layer_id, claim, relay=relay)

    def reporter(self) -> None:
        """Tag a source that passes the active attribution on."""
        self._tag_role("source", relay=True)

    def reporter_cue(self) -> None:
        """Tag the cue of the reporter."""
        self._tag_role("cue", relay=True)

    def topic(self) -> None:
        """Tag an actor that the active claim is about."""
        project = self._workspace.project
        about = project.codebook.about if project else None
        role = about.role("actor") if about else None
        layer = next((x for x in project.codebook.layers if role and x.name in role.layers), None) if project else None
        self._tag_with_claim(layer.id if layer else None, about=True)

    def _tag_role(self, role: str, *, relay: bool) -> None:
        project = self._workspace.project
        layers = project.codebook.layers_in_role(role) if project else ()
        self._tag_with_claim(layers[0].id if layers else None, relay=relay)

    def _tag_with_claim(self, layer_id: str | None, *, relay: bool = False, about: bool = False) -> None:
        claim = self._workspace.active_claim
        if layer_id is None:
            self._workspace.hint.emit(self.tr("The codebook has no layer for this."))
        elif claim is None:
            self._workspace.hint.emit(self.tr("Make a claim active first: tag it, or click on it."))
        else:
            self._tag(layer_id, claim, relay=relay, about=about)

    def _tag(self, layer_id: str, claim: Annotation | None, *, relay: bool = False, about: bool = False) -> None:
        workspace = self._workspace
        assert workspace.project is not None
        assert workspace.document is not None
        fragments = self._reader.fragments() or self._reader.word_at_caret()
        if not fragments:
            workspace.hint.emit(self.tr("Select some words first, or put the caret on one."))
            return
        tagging, document_id = workspace.project.tagging, workspace.document.id
        with workspace.guard():
            try:
                if claim is None:
                    annotation = tagging.tag(document_id, layer_id, fragments)
                else:
                    annotation = tagging.tag_into(document_id, layer_id, fragments, claim.id, relay=relay, about=about)
            except AlreadyTagged as known:
                if claim is None:
                    workspace.set_active(known.annotation_id)
                raise
            self._reader.set_caret(max(fragment.end for fragment in fragments))
            is_claim = any(layer.id == layer_id for layer in workspace.project.codebook.layers_in_role("claim"))
            if is_claim or workspace.active_claim is None:
                workspace.set_active(annotation.id)
            if self._in_role(layer_id, "source"):
                self._relaying = relay
            self._follow(annotation)

    def _follow(self, annotation: Annotation) -> None:
        """After a tag, by hand or by accepting a suggestion: the next keys mean it."""
        self._last = annotation.id
        self._tell(annotation)

    def _tell(self, annotation: Annotation) -> None:
        """Say what was tagged and which entry was guessed, and how to change it."""
        workspace = self._workspace
        annotation = workspace.annotated.annotations.get(annotation.id, annotation)
        layer = workspace.layer(annotation)
        if not annotation.entries:
            workspace.hint.emit(self.tr("{layer} tagged.").replace("{layer}", layer.name))
            return
        entry = annotation.entries[0]
        told = self.tr("{layer} → {entry} ({how}). E changes it.")
        made = workspace.last_change.added.get("entry", ()) if workspace.last_change else ()
        how = self.tr("new") if entry in made else self.tr("known")
        short = _short(workspace.entry_name(entry))
        workspace.hint.emit(told.replace("{layer}", layer.name).replace("{how}", how).replace("{entry}", short))

    # The active annotation

    def entry(self) -> None:
        """Choose which entry is meant. A cue just tagged has none: then the active claim's is."""
        target = self._target()
        if target is None:
            return
        if self._workspace.layer(target).registry is None:
            target = self._workspace.active or target
        if self._workspace.layer(target).registry is None:
            self._workspace.hint.emit(self.tr("This layer has no list of entries."))
            return
        pick_entries(self._workspace, target.id, self._reader.window())
        self._reader.setFocus()
        target = self._workspace.annotated.annotations.get(target.id, target)
        told = self.tr("{layer} → {entry}.").replace("{layer}", self._workspace.layer(target).name)
        names = ", ".join(map(self._workspace.entry_name, target.entries))
        self._workspace.hint.emit(told.replace("{entry}", _short(names or self.tr("nothing"))))

    def same(self) -> None:
        """Take the proposition that the active claim most likely repeats, in place of a new one."""
        claim, project = self._workspace.active_claim, self._workspace.project
        if claim is None or project is None:
            self._workspace.hint.emit(self.tr("Choose a claim first."))
            return
        with self._workspace.guard():
            other, _ = project.entries.likely_claim(claim)
            if other is None:
                self._workspace.hint.emit(self.tr("No claim like this one is known."))
                return
            project.tagging.set_entries(claim.id, (other.id,))
            told = self.tr("Same claim: {entry}.")
            self._workspace.hint.emit(told.replace("{entry}", _short(other.name)))

    def link(self) -> None:
        """Show a letter on every annotation in sight; the letter links it to the active one."""
        target = self._workspace.active or self._target()
        if target is not None:
            self._workspace.set_active(target.id)
            self._hints.start(target)

    def delete(self) -> None:
        """Delete the annotation at the caret; a chosen suggestion is dismissed instead."""
        if self._pane.suggestions.dismiss():
            return
        at_caret, active = self._at_caret(), self._workspace.active_id
        just_tagged = self._just_tagged()
        doomed = just_tagged.id if just_tagged else active if active in at_caret else next(iter(at_caret), None)
        if doomed is None:
            self._workspace.hint.emit(self.tr("There is no annotation at the caret."))
            return
        assert self._workspace.project is not None
        annotation = self._workspace.annotated.annotations[doomed]
        layer = self._workspace.layer(annotation)
        with self._workspace.guard():
            self._workspace.project.tagging.remove([doomed])
            told = self.tr("{layer} deleted. Undo brings it back.")
            self._workspace.hint.emit(told.replace("{layer}", layer.name))

    def start_back(self) -> None:
        """Begin one word earlier."""
        self._move_edge(at_start=True, direction=-1)

    def start_on(self) -> None:
        """Begin one word later."""
        self._move_edge(at_start=True, direction=1)

    def end_on(self) -> None:
        """End one word later."""
        self._move_edge(at_start=False, direction=1)

    def end_back(self) -> None:
        """End one word earlier."""
        self._move_edge(at_start=False, direction=-1)

    def start_back_letter(self) -> None:
        """Begin one character earlier."""
        self._move_edge(at_start=True, direction=-1, step=character_step)

    def start_on_letter(self) -> None:
        """Begin one character later."""
        self._move_edge(at_start=True, direction=1, step=character_step)

    def end_on_letter(self) -> None:
        """End one character later."""
        self._move_edge(at_start=False, direction=1, step=character_step)

    def end_back_letter(self) -> None:
        """End one character earlier."""
        self._move_edge(at_start=False, direction=-1, step=character_step)

    def _move_edge(self, *, at_start: bool, direction: int, step: Step = word_step) -> None:
        target = self._target()
        if target is None:
            return
        self._last = target.id  # the next key means the same one, whatever lies inside its new edges
        start, end = target.start, target.end
        moved = step(self._workspace.text, start if at_start else end, direction, starts=at_start)
        fragments = tuple(
            Fragment(
                moved if at_start and f.start == start else f.start,
                moved if not at_start and f.end == end else f.end,
            )
            for f in target.fragments
        )
        inwards = (direction > 0) == at_start
        if any(f.start >= f.end for f in fragments) or (inwards and fragments == target.fragments):
            word, letter = self.tr("One word must stay."), self.tr("One character must stay.")
            deletes = self.tr("Backspace deletes the annotation.")
            self._workspace.hint.emit(f"{word if step is word_step else letter} {deletes}")
            return
        caret = self._reader.caret()
        self.set_fragments(target.id, fragments)
        # The caret stays with the annotation that it was at, so that the next key means the same one.
        if start <= caret <= end and not self._reader.fragments():
            moved_to = self._workspace.annotated.annotations.get(target.id, target)
            self._reader.set_caret(moved_to.end if caret == end else max(moved_to.start, min(caret, moved_to.end)))

    def add_fragment(self) -> None:
        """Add the selection (or the word at the caret) to what was tagged last, else to the active annotation.

        One that touches a fragment widens it.
        """
        selected = self._reader.fragments() or self._reader.word_at_caret()
        target = self._workspace.annotated.annotations.get(self._last or "") or self._target()
        if target is None:
            return
        if not selected:
            self._workspace.hint.emit(self.tr("Select some words first, or put the caret on one."))
            return
        kept = list(target.fragments)
        new = selected[0]
        for old in [f for f in kept if f.start <= new.end and new.start <= f.end]:
            kept.remove(old)
            new = Fragment(min(new.start, old.start), max(new.end, old.end))
        self.set_fragments(target.id, tuple(sorted([*kept, new])))
        self._reader.set_caret(selected[0].end)
        changed = self._workspace.annotated.annotations.get(target.id, target)
        told = self.tr("{layer}: {text}").replace("{layer}", self._workspace.layer(changed).name)
        self._workspace.hint.emit(told.replace("{text}", self._workspace.annotation_text(changed)[:80]))

    def remove_fragment(self) -> None:
        """Take the fragment at the caret out of the active annotation."""
        target = self._target()
        if target is None:
            return
        caret = self._reader.caret()
        kept = tuple(f for f in target.fragments if not f.start <= caret <= f.end)
        if len(kept) == len(target.fragments):
            self._workspace.hint.emit(self.tr("Put the caret on the fragment to remove."))
        elif not kept:
            self._workspace.hint.emit(self.tr("One fragment must stay. Backspace deletes the annotation."))
        else:
            self.set_fragments(target.id, kept)

    def set_fragments(self, id_: str, fragments: tuple[Fragment, ...]) -> None:
        """Move an annotation to these fragments (keys, and the reader's handles)."""
        assert self._workspace.project is not None
        with self._workspace.guard():
            self._workspace.project.tagging.set_fragments(id_, fragments)

    def _at_caret(self) -> list[str]:
        """The annotations at the caret, innermost first; without the suggestions that the reader also tells."""
        return self._workspace.known(self._reader.at_caret())

    def _target(self) -> Annotation | None:
        """What was tagged last while the caret is at it, else the active annotation, else the innermost at the caret."""
        at_caret = [self._workspace.annotated.annotations[id_] for id_ in self._at_caret()]
        target = self._just_tagged() or self._workspace.active or next(iter(at_caret), None)
        if target is None:
            self._workspace.hint.emit(self.tr("Make an annotation active first: click on it, or press N."))
        return target

    def _just_tagged(self) -> Annotation | None:
        """What was tagged last, while the caret is in it or at its end: also inside something larger."""
        last = self._workspace.annotated.annotations.get(self._last or "")
        place = self._reader.selection()[0]
        return last if last is not None and any(start <= place <= end for start, end in last.fragments) else None

    def _in_role(self, layer_id: str, role: str) -> bool:
        project = self._workspace.project
        return project is not None and any(x.id == layer_id for x in project.codebook.layers_in_role(role))


def _short(name: str) -> str:
    return name if len(name) <= 48 else name[:47] + "…"
