"""The registries: canonical actors, propositions and whatever else a project lists."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from annotator.domain.changes import ChangeSet
from annotator.domain.errors import Conflict, InvalidValue, NotFound
from annotator.domain.ids import new_id
from annotator.domain.invariants import check_acyclic, check_fields, storable
from annotator.domain.model import Annotation, Apart, Entry, Fields, Mention, Use
from annotator.domain.names import fold, name_of
from annotator.services import alike, regrouping, statements
from annotator.services.alike import Pair
from annotator.services.statements import Statement
from annotator.storage import mentions
from annotator.storage.writer import Writer

if TYPE_CHECKING:
    from annotator.services.project import Project

_KEEP: Any = object()


class Entries:
    """The entries of one project, held in memory and kept in step with every change."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._loaded: dict[str, Entry] | None = None
        self._names: dict[tuple[str, str], list[str]] = {}
        self._claim_forms: dict[str, str] = {}

    # Reading

    def all(self, registry_id: str | None = None) -> list[Entry]:
        """All entries, or those of one registry, by name."""
        found = (e for e in self._by_id().values() if registry_id is None or e.registry_id == registry_id)
        return sorted(found, key=lambda entry: (entry.name.casefold(), entry.id))

    def get(self, id_: str) -> Entry:
        """One entry. Raises NotFound."""
        try:
            return self._by_id()[id_]
        except KeyError:
            raise NotFound("This entry is not in the project any more.") from None

    def get_many(self, ids: Iterable[str]) -> dict[str, Entry]:
        """The entries with these ids that exist, keyed by id."""
        known = self._by_id()
        return {id_: known[id_] for id_ in ids if id_ in known}

    def resolve(self, registry_id: str, name: str) -> Entry | None:
        """The entry that this name or alias means; a name goes before an alias, the older before the newer."""
        known = self._by_id()
        folded = fold(name)
        found = [known[id_] for id_ in self._names.get((registry_id, folded), ())]
        return min(found, key=lambda entry: (fold(entry.name) != folded, entry.id), default=None)

    def candidates(self, registry_id: str, text: str, limit: int = 20) -> list[Entry]:
        """Entries whose name or alias is most like the text, best first; the most used where there is no text."""
        known = self._by_id()
        if not text.strip():
            counts = self.mention_counts()
            return sorted(self.all(registry_id), key=lambda entry: -counts.get(entry.id, 0))[:limit]
        from rapidfuzz import fuzz, process

        folded = fold(text)
        names = [name for registry, name in self._names if registry == registry_id]
        close = process.extract(folded, names, scorer=fuzz.WRatio, processor=None, score_cutoff=55, limit=limit * 4)
        likeness = {name: score for name, score, _ in close}
        # What begins with the text is meant before what only holds it, and the shorter before the longer.
        for name in names:
            if name.startswith(folded):
                likeness[name] = max(likeness.get(name, 55), 90) + 10 + 20 * (name == folded) - len(name) / 1000
        best: dict[str, float] = {}
        for name, score in likeness.items():
            for id_ in self._names[registry_id, name]:
                best[id_] = max(score, best.get(id_, 0))
        ranked = sorted(best, key=lambda id_: (-best[id_], known[id_].name.casefold(), id_))
        return [known[id_] for id_ in ranked[:limit]]

    def mentions(self, entry_id: str) -> int:
        """How many annotations refer to an entry."""
        return len(self._project.store.annotations_with_entry(entry_id))

    def mentioned_in(self, entry_id: str) -> list[str]:
        """Ids of the annotations that refer to an entry, the oldest first."""
        return sorted(self._project.store.annotations_with_entry(entry_id))

    def mention_counts(self) -> dict[str, int]:
        """How many annotations refer to each entry that has any."""
        return self._project.store.mention_counts()

    def uses(self, registry_id: str | None = None, ids: Iterable[str] | None = None) -> dict[str, Use]:
        """How each entry is used that is mentioned at all: of one registry, those with these ids, or all."""
        return mentions.uses(self._project.store.connection, registry_id, ids)

    def places(self, id_: str, limit: int | None = None) -> list[Mention]:
        """Where an entry is mentioned, in the order of documents and texts; the first `limit` places, if given."""
        return mentions.places(self._project.store.connection, id_, limit)

    def statements(self, places: Iterable[Mention]) -> dict[str, Statement]:
        """Who said it at each of these places, by annotation id: for entries that are claims."""
        return statements.statements(self._project, [place.annotation_id for place in places])

    def are_claims(self, registry_id: str) -> bool:
        """Whether annotations of this registry are claims, so that somebody makes them."""
        return statements.is_claim_registry(self._project, registry_id)

    def likely(self, registry_id: str, check: Callable[[], object] | None = None) -> list[Pair]:
        """Pairs of entries that may be one, the surest first, without those judged different. `check` may raise, to stop."""
        apart = mentions.apart(self._project.store.connection)
        claims = self.are_claims(registry_id)
        return alike.likely(self.all(registry_id), apart, claims=claims, check=check)

    def same_claims(self, id_: str) -> list[tuple[Entry, float]]:
        """Other propositions that may be the same as this one, with how alike they are, the likeliest first."""
        while not self.read_claims():
            pass
        entry = self.get(id_)
        forms = self._claim_forms
        by_id = self._by_id()
        known = {other: form for other, form in forms.items() if other != id_ and other in by_id}
        found = alike.same_claims(entry.name, known)
        apart = mentions.apart(self._project.store.connection) if found else set()
        return [(by_id[other], score) for other, score in found if Apart.of(id_, other) not in apart]

    def likely_claim(self, annotation: Annotation) -> tuple[Entry | None, str]:
        """For a claim that was made nowhere else: the proposition that it most likely repeats, and its own entry."""
        known = self.get_many(annotation.entries)
        if len(known) != 1 or self.mentions(annotation.entries[0]) != 1:
            return None, ""
        own = annotation.entries[0]
        if not self.are_claims(known[own].registry_id):
            return None, own
        same_list = (entry for entry, _ in self.same_claims(own) if entry.registry_id == known[own].registry_id)
        return next(same_list, None), own

    def read_claims(self, limit: int = 300) -> bool:
        """Bring the words of propositions into the form in which they are compared; whether that is all of them."""
        forms = self._claim_forms
        registries = {r.id for r in self._project.codebook.registries if self.are_claims(r.id)}
        missing = (e for e in self._by_id().values() if e.id not in forms and e.registry_id in registries)
        read = list(islice(missing, limit))
        forms.update((entry.id, alike.claim_form(entry.name)) for entry in read)
        return len(read) < limit

    # Changing

    def create(
        self,
        registry_id: str,
        name: str,
        aliases: Sequence[str] = (),
        parent_id: str | None = None,
        fields: Fields | None = None,
        note: str = "",
    ) -> Entry:
        """Add an entry. Raises InvalidValue, or Conflict where the registry has one of this name."""
        entry = self.checked(Entry(new_id(), registry_id, name, tuple(aliases), parent_id, dict(fields or {}), note))
        with self._project.step("Add “{what}”", entry.name) as step:
            self.add(step, entry)
        return entry

    def edit(
        self,
        id_: str,
        *,
        name: str | None = None,
        aliases: Sequence[str] | None = None,
        parent_id: str | None = _KEEP,
        fields: Fields | None = None,
        note: str | None = None,
    ) -> None:
        """Change an entry everywhere. Raises InvalidValue or Conflict."""
        old = self.get(id_)
        new = replace(
            old,
            name=old.name if name is None else name,
            aliases=old.aliases if aliases is None else tuple(aliases),
            parent_id=old.parent_id if parent_id is _KEEP else parent_id,
            fields=old.fields if fields is None else dict(fields),
            note=old.note if note is None else note,
            origin="manual",
        )
        new = self.checked(new)
        action = "Edit “{what}”" if new.name == old.name else "Rename “{what}”"
        with self._project.step(action, old.name) as step:
            self.put(step, new)

    def remember(self, id_: str, text: str) -> None:
        """Let tagged words mean this entry from now on: they become an alias of it."""
        entry, name = self.get(id_), name_of(text)
        if fold(name) not in {fold(known) for known in (entry.name, *entry.aliases)}:
            self.edit(id_, aliases=(*entry.aliases, name))

    def merge(self, keep_id: str, other_ids: Iterable[str]) -> None:
        """Make several entries one: names become aliases, mentions and members follow."""
        regrouping.merge(self._project, keep_id, other_ids)

    def split(self, id_: str, annotation_ids: Iterable[str], name: str) -> Entry:
        """Let some of an entry's mentions mean a new one."""
        return regrouping.split(self._project, id_, annotation_ids, name)

    def reassign(self, id_: str, annotation_ids: Iterable[str], to_id: str) -> None:
        """Let some of an entry's mentions mean another entry."""
        regrouping.reassign(self._project, id_, annotation_ids, to_id)

    def remove(self, ids: str | Iterable[str], fate: regrouping.Fate = "leave", to_id: str | None = None) -> None:
        """Remove entries; what becomes of their mentions is their fate. Members have no parent any more."""
        regrouping.remove(self._project, [ids] if isinstance(ids, str) else ids, fate, to_id)

    def judge_apart(self, one: str, other: str) -> None:
        """These two are different: not to be proposed as duplicates again."""
        regrouping.judge_apart(self._project, one, other)

    # For tagging

    def for_tag(self, step: Writer, registry_id: str, text: str, name: str) -> Entry:
        """The entry that a freshly tagged stretch means; a new one of this name where no name or alias fits."""
        entry = self.resolve(registry_id, text)
        if entry is None:
            entry = Entry(new_id(), registry_id, name, origin="tag")
            self.add(step, entry)
        return entry

    def drop_orphans(self, step: Writer, ids: Iterable[str]) -> None:
        """Remove those of these entries that a tag made, that nobody has touched, and that nothing mentions any more."""
        known = self._by_id()
        guessed = [id_ for id_ in dict.fromkeys(ids) if id_ in known and known[id_].origin == "tag"]
        if guessed:
            kept = self._project.store.entries_in_use(guessed) | {entry.parent_id for entry in known.values()}
            self.drop(step, [id_ for id_ in guessed if id_ not in kept])

    # What is held in memory follows each write at once, for a later part of the same step may look there.

    def put(self, step: Writer, entry: Entry) -> None:
        """Store an entry that was checked in place of the one with its id."""
        step.replace(entry)
        self._forget(entry.id)
        self._put(entry)

    def add(self, step: Writer, entry: Entry) -> None:
        """Store a new entry that was checked."""
        step.add(entry)
        self._put(entry)

    def put_all(self, step: Writer, entries: Sequence[Entry]) -> None:
        """Store entries that were checked in place of those with their ids."""
        step.replace(entries)
        for entry in entries:
            self._forget(entry.id)
            self._put(entry)

    def add_all(self, step: Writer, entries: Sequence[Entry]) -> None:
        """Store new entries that were checked."""
        step.add(entries)
        for entry in entries:
            self._put(entry)

    def drop(self, step: Writer, ids: Iterable[str]) -> None:
        """Remove entries that nothing refers to any more."""
        gone = list(ids)
        step.remove("entry", gone)
        for id_ in gone:
            self._forget(id_)

    def follow(self, change_set: ChangeSet) -> None:
        """Take over what a step changed."""
        touched = change_set.touched("entry")
        if self._loaded is None or not touched:
            return
        for id_ in touched:
            self._forget(id_)
        for entry in self._project.store.entries(touched):
            self._put(entry)

    def refresh(self) -> None:
        """Forget what is held in memory: after a step that failed half way."""
        self._loaded = None
        self._claim_forms = {}

    def _by_id(self) -> dict[str, Entry]:
        if self._loaded is None:
            self._loaded, self._names = {}, {}
            for entry in self._project.store.entries():
                self._put(entry)
        return self._loaded

    def _put(self, entry: Entry) -> None:
        self._by_id()[entry.id] = entry
        for name in (entry.name, *entry.aliases):
            ids = self._names.setdefault((entry.registry_id, fold(name)), [])
            if entry.id not in ids:
                ids.append(entry.id)

    def _forget(self, id_: str) -> None:
        entry = self._by_id().pop(id_, None)
        self._claim_forms.pop(id_, None)
        if entry is not None:
            for name in (entry.name, *entry.aliases):
                ids = self._names.get((entry.registry_id, fold(name)), [])
                if id_ in ids:
                    ids.remove(id_)

    def check_name(self, registry_id: str, name: str) -> None:
        """Raise what a new entry of this name would raise: InvalidValue or Conflict."""
        self.checked(Entry("", registry_id, name))

    def checked(self, entry: Entry, but: Collection[str] = ()) -> Entry:
        """The entry as it is stored. `but`: entries that are about to go."""
        registry = self._project.codebook.registries_by_id.get(entry.registry_id)
        if registry is None:
            raise NotFound("The registry of this entry is not in the codebook any more.")
        known = self._by_id()
        name = " ".join(entry.name.split())
        if not name:
            raise InvalidValue("An entry needs a name.")
        if not all(storable(text) for text in (name, *entry.aliases, entry.note)):
            raise InvalidValue("The name holds characters that are no proper Unicode; type or copy it again.")
        if entry.id not in known or known[entry.id].name != name:
            # An import may bring two of the same name: each can still be edited.
            alike = [known[id_] for id_ in self._names.get((entry.registry_id, fold(name)), ())]
            twin = next((e for e in alike if e.name == name and e.id != entry.id and e.id not in but), None)
            if twin is not None:
                raise Conflict(f"“{name}” is in this list already; merge the two instead.", (twin.id,))
        aliases = dict.fromkeys(" ".join(alias.split()) for alias in entry.aliases)
        fields = check_fields(registry.fields, entry.fields, f"“{name}”")
        if entry.parent_id is not None:
            parent = self.get(entry.parent_id)
            if parent.registry_id != entry.registry_id:
                raise InvalidValue("A parent must be in the same list.")
            line, above = {entry.id: [parent.id]}, parent
            while above.parent_id is not None and above.id not in line:
                line[above.id] = [above.parent_id]
                above = self.get(above.parent_id)
            check_acyclic(line, "entry")
        kept = tuple(alias for alias in aliases if alias and alias != name)
        return replace(entry, name=name, aliases=kept, fields=fields)
