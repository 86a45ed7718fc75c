"""Projects as other programs leave them, made up here in the ways of real ones: odd, large and not always right."""

# ruff: noqa: E501 - files of other programs are as they are

from __future__ import annotations

import random
import re
import sqlite3
import uuid
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from annotator.services.project import Project

_TALK = (
    "the minister said that talks with Tehran would go on, and “no deal is better than a bad one” — or so it’s told; "
    "critics in Washington (D.C.) called it naïve. Two aides, who asked not to be named, denied that. 😀 قال مسؤول سوري "
    "$4.5 million was spent; the 2016 campaign's manager didn't comment…"
)
_WORDS = _TALK.split()


def article(rng: random.Random, paragraphs: int) -> str:
    """Some paragraphs with what real articles have in them."""
    made = []
    for _ in range(paragraphs):
        made.append(
            " ".join(rng.choice(_WORDS) for _ in range(rng.randrange(8, 60))) + rng.choice((".", ".”", " ", ""))
        )
    return rng.choice(("\n", "\n\n", "\n \n")).join(made) + rng.choice(("", "\n"))


@dataclass
class Counted:
    """What a plain parser finds: of each text, what each coder tagged where, and how many links there are."""

    texts: Counter[str] = field(default_factory=Counter)
    spans: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    """Text (its first words), coder, layer, words without white space."""
    links: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Text, coder, type."""


def bare(text: str) -> str:
    """Without white space, which a fragment may lose at the end of a line."""
    return re.sub(r"\s", "", text)


def counted(project: Project) -> Counted:
    """The same of a project."""
    found = Counted()
    store, codebook = project.store, project.codebook
    layers = {layer.id: layer.name for layer in codebook.layers}
    types = {link_type.id: link_type.name for link_type in codebook.link_types}
    coders = {coder.id: coder.name for coder in store.coders()}
    for row in store.document_rows():
        text = store.text(row.id)
        name = bare(text)[:60]
        found.texts[name] += 1
        for a in store.annotations(row.id):
            words = bare("".join(text[start:end] for start, end in a.fragments))
            found.spans[name, coders[a.coder_id], layers[a.layer_id], words] += 1
        for link in store.links(row.id):
            found.links[name, coders[link.coder_id], types[link.type_id]] += 1
    return found


def _line(value: object) -> str:
    """Some formats have no line breaks in values, and say so."""
    return " ".join(str(value).split())


def picture(project: Project) -> list[Any]:
    """All of a project without its ids, in an order that does not depend on them."""
    store, codebook = project.store, project.codebook
    layers = {layer.id: layer.name for layer in codebook.layers}
    types = {link_type.id: link_type.name for link_type in codebook.link_types}
    coders = {coder.id: coder.name for coder in store.coders()}
    entries = {entry.id: entry.name for entry in store.entries()}
    told = []
    for row in store.document_rows():
        document = store.document(row.id)
        seen: dict[str, Any] = {}
        for a in store.annotations(row.id):
            names = tuple(entries[entry] for entry in a.entries)
            values = tuple(sorted((name, _line(value)) for name, value in a.fields.items()))
            seen[a.id] = (layers[a.layer_id], coders[a.coder_id], tuple(map(tuple, a.fragments)), values, names, a.note)
        links = {link.id: link for link in store.links(row.id)}
        made: dict[str, Any] = {}

        def of(id_: str, seen: Any = seen, links: Any = links, made: Any = made) -> Any:
            if id_ in seen:
                return seen[id_]
            if id_ not in made:
                link = links[id_]
                roles = tuple(
                    (role, tuple(map(of, members))) for role, members in sorted(link.roles.items()) if members
                )
                values = tuple(sorted((name, _line(value)) for name, value in link.fields.items()))
                made[id_] = (types[link.type_id], coders[link.coder_id], roles, values, link.note)
            return made[id_]

        metadata = {name: str(value) for name, value in document.metadata.items()}
        marks = sorted(map(repr, seen.values()))
        told.append((document.title, store.text(row.id), metadata, marks, sorted(repr(of(id_)) for id_ in links)))
    return sorted(told, key=repr)


# brat: an attribution corpus of about a thousand news articles


def attribution_corpus(folder: Path, articles: int, seed: int = 1) -> Counted:
    """Texts in one folder, annotations in another, each with its coder's name behind; several parts; some trouble."""
    rng = random.Random(seed)
    expected = Counted()
    for number in range(articles):
        part = rng.choice(("train", "train", "dev", "test"))
        texts, tags = folder / "data" / part / "text", folder / "data" / part / "attributions"
        texts.mkdir(parents=True, exist_ok=True)
        tags.mkdir(parents=True, exist_ok=True)
        # A name that ends in what stands between it and its coder, and one that begins as another does.
        stem = f"paper-{number % 7}_2016-0{1 + number % 9}-1{number % 10}_no-{number}-says-{'_' if number % 5 == 0 else ''}"
        text = f"No. {number}: " + article(rng, rng.randrange(3, 30))
        shape = number % 20
        if shape == 1:
            text = text.replace("\n", "\r\n")
        data = text.encode()
        (texts / f"{stem}.txt").write_bytes(b"\xef\xbb\xbf" + data if shape == 2 else data)
        name = bare(text)[:60]
        expected.texts[name] += 1
        for coder in rng.sample(("4b22", "4e07", "5fec", "6b86"), 3 if number % 10 == 0 else 1):
            told = _records(rng, text, name, coder, expected)
            (tags / f"{stem}_{coder}.ann").write_bytes(told.encode())
    (folder / "data" / "metadata.tsv").write_text("filename\tpublisher\n")
    (folder / "README.md").write_text("# A corpus\n")
    lost = folder / "data" / "replication" / "attributions"
    lost.mkdir(parents=True)
    (lost / "wsj_0019_4b22.ann").write_text("T1\tSource 0 3\tOne\n")
    return expected


def _records(rng: random.Random, text: str, name: str, coder: str, expected: Counted) -> str:
    lines: list[str] = []
    number = 0
    words = [match.span() for match in re.finditer(r"\S+", text)]

    def stretch(most: int) -> tuple[int, int]:
        first = rng.randrange(len(words))
        last = min(first + rng.randrange(most), len(words) - 1)
        return words[first][0], words[last][1]

    def tag(layer: str, *spans: tuple[int, int], quote: str | None = None) -> str:
        nonlocal number
        number += 1
        # brat splits at each line end; older versions wrote the line end into the record.
        pieces: list[tuple[int, int]] = []
        for start, end in spans:
            at = start
            for match in re.finditer(r"[\r\n]+", text[start:end]) if rng.random() < 0.7 else ():
                if at < start + match.start():
                    pieces.append((at, start + match.start()))
                at = start + match.end()
            if at < end:
                pieces.append((at, end))
        covered = " ".join(text[start:end] for start, end in pieces) if quote is None else quote
        lines.append(f"T{number}\t{layer} {';'.join(f'{s} {e}' for s, e in pieces)}\t{covered}")
        expected.spans[name, coder, layer, bare("".join(text[s:e] for s, e in pieces))] += 1
        return f"T{number}"

    for events in range(1, rng.randrange(3, 26)):
        cue_at = stretch(2)
        source, cue = tag("Source", stretch(6)), tag("Cue", cue_at)
        spans = [stretch(40)]
        second = stretch(20)
        if spans[0][1] < second[0]:
            spans.append(second)
        content = tag("Content", *spans)
        kind = "Attribution" if rng.random() < 0.9 else "Attribution-no-source"
        trigger = tag(kind, cue_at)
        arguments = [f"Content:{content}", f"Cue:{cue}", f"Source:{source}"][: 3 if kind == "Attribution" else 2]
        if rng.random() < 0.1:
            arguments.append(f"Content2:{tag('Content', stretch(5))}")
        if rng.random() < 0.05:
            arguments = []
        lines.append(f"E{events}\t{kind}:{trigger} {' '.join(arguments)}".rstrip())
        expected.links[name, coder, kind] += 1
        if rng.random() < 0.05:
            lines.append(f"#{events}\tAnnotatorNotes {trigger}\tnot sure")
        if rng.random() < 0.3:
            lines.append(f"N{events}\tReference {source} Wikidata:Q{rng.randrange(9)}\tThe Post")
            lines.append(f"A{2 * events}\tSure {content}")
            lines.append(f"A{2 * events + 1}\tLevel {content} {rng.choice(('high', 'low'))}")
        if rng.random() < 0.1:
            lines.append(f"R{events}\tSame Arg1:{source} Arg2:{cue}\t")
            lines.append(f"*\tEquiv {source} {cue} {content}")
            expected.links.update({(name, coder, kind): 1 for kind in ("Same", "Equiv")})
        if rng.random() < 0.05:
            # Twice the very same.
            tag("Cue", cue_at)
    if rng.random() < 0.1:
        # The text was changed after it was tagged, and nothing like it stands anywhere.
        tag("Source", words[0], quote="what no article says")
    end = "\r\n" if rng.random() < 0.1 and not any("\r" in line for line in lines) else "\n"
    return end.join(lines) + end


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _guid(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


# REFI-QDA: NVivo counts UTF-16 units and line ends as two, ATLAS.ti counts characters


def refi_project(path: Path, sources: int, nvivo: bool, seed: int = 2) -> Counted:
    """A project of interviews and articles with a code tree in which names repeat, two coders, cases and links."""
    rng = random.Random(seed)
    expected = Counted()
    users = {_guid(rng): name for name in ("Ana", "Ben")}
    codes = {
        _guid(rng): f"{group}/{name}" for group in ("claims", "actors") for name in ("support", "reject", "a & b <c>")
    }
    tree = ""
    for group in ("claims", "actors"):
        inner = "".join(
            f'<Code guid="{g}" name={quoteattr(n.partition("/")[2])} isCodable="true" color="#1E90FF"><Description>d</Description></Code>'
            for g, n in codes.items()
            if n.startswith(group)
        )
        tree += f'<Code guid="{_guid(rng)}" name="{group}" isCodable="true">{inner}</Code>'
    files: dict[str, bytes] = {}
    told, linked = "", ""
    for number in range(sources):
        text = f"Interview {number}. " + article(rng, rng.randrange(4, 20)).replace("\n \n", "\n\n")
        if nvivo:
            text = text.replace("\n", "\r\n")
        name = bare(text)[:60]
        expected.texts[name] += 1
        own = _guid(rng)
        files[f"{'Sources' if nvivo else 'sources'}/{own}.txt"] = (b"\xef\xbb\xbf" if nvivo else b"") + text.encode()
        words = [match.span() for match in re.finditer(r"\S+", text)]
        selections = ""
        ids: list[str] = []
        firsts: list[str] = []
        for _ in range(rng.randrange(1, 30)):
            first = rng.randrange(len(words))
            start, end = words[first][0], words[min(first + rng.randrange(1, 30), len(words) - 1)][1]
            places = [_units(text[:at]) if nvivo else at for at in (start, end)]
            coders = rng.sample(sorted(users), rng.choice((1, 1, 2)))
            codings = ""
            for user in coders:
                for code in rng.sample(sorted(codes), rng.choice((1, 1, 3))):
                    codings += (
                        f'<Coding guid="{_guid(rng)}" creatingUser="{user}"><CodeRef targetGUID="{code}"/></Coding>'
                    )
                expected.spans[name, users[user], "Coding", bare(text[start:end])] += 1
            ids.append(_guid(rng))
            firsts.append(users[coders[0]])
            selections += (
                f'<PlainTextSelection guid="{ids[-1]}" name={quoteattr(text[start:end][:40] if nvivo else text[start:end])} '
                f'startPosition="{places[0]}" endPosition="{places[1]}" creatingUser="{coders[0]}">{codings}</PlainTextSelection>'
            )
        for place in range(0, len(ids) - 1, 5):
            one, other = ids[place], ids[place + 1]
            if firsts[place] != firsts[place + 1]:
                continue  # brat keeps a file for each coder, and says that it loses these
            expected.links[name, firsts[place], "supports"] += 1
            linked += f'<Link guid="{_guid(rng)}" name="supports" direction="OneWay" originGUID="{one}" targetGUID="{other}"/>'
        told += f'<TextSource guid="{own}" name="Interview {number}" plainTextPath="internal://{own}.txt">{selections}</TextSource>'
    origin = "NVivo" if nvivo else "ATLAS.ti 8.4"
    people = "".join(f'<User guid="{guid}" name="{name}"/>' for guid, name in users.items())
    project = (
        f'<?xml version="1.0" encoding="utf-8"?><Project xmlns="urn:QDA-XML:project:1.0" name="P" origin="{origin}"><Users>'
        f"{people}</Users><CodeBook><Codes>{tree}</Codes></CodeBook><Sources>{told}</Sources><Links>{linked}</Links></Project>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde" if nvivo else "Project.qde", project)
        for file, data in files.items():
            archive.writestr(file, data)
    return expected


# Discourse Network Analyzer


def dna_project(path: Path, documents: int, version: int, seed: int = 3) -> Counted:
    """Debates with statements of organisations; entities of two variables that share names; statements that link."""
    rng = random.Random(seed)
    expected = Counted()
    connection = sqlite3.connect(path)
    entities = "ENTITIES" if version == 3 else "ATTRIBUTES"
    value = "Entity" if version == 3 else "Value"
    connection.executescript(
        f"""CREATE TABLE CODERS(ID INTEGER PRIMARY KEY, Name TEXT); INSERT INTO CODERS VALUES (1, 'Admin'), (2, 'Ana');
        CREATE TABLE DOCUMENTS(ID INTEGER PRIMARY KEY, Title TEXT, Text TEXT, Coder INTEGER, Author TEXT, Source TEXT,
            Section TEXT, Notes TEXT, Type TEXT, Date INTEGER);
        CREATE TABLE STATEMENTTYPES(ID INTEGER PRIMARY KEY, Label TEXT, Red INTEGER, Green INTEGER, Blue INTEGER);
        INSERT INTO STATEMENTTYPES VALUES (1, 'DNA Statement', 239, 208, 51), (2, 'Annotation', 211, 211, 211);
        CREATE TABLE VARIABLES(ID INTEGER PRIMARY KEY, Variable TEXT, DataType TEXT, StatementTypeId INTEGER);
        INSERT INTO VARIABLES VALUES (1, 'person', 'short text', 1), (2, 'organization', 'short text', 1),
            (3, 'concept', 'short text', 1), (4, 'agreement', 'boolean', 1), (5, 'note', 'long text', 2);
        CREATE TABLE STATEMENTS(ID INTEGER PRIMARY KEY, StatementTypeId INTEGER, DocumentId INTEGER, Start INTEGER,
            Stop INTEGER, Coder INTEGER);
        CREATE TABLE STATEMENTLINKS(ID INTEGER PRIMARY KEY, SourceId INTEGER, TargetId INTEGER);
        CREATE TABLE {entities}(ID INTEGER PRIMARY KEY, VariableId INTEGER, Value TEXT, Red INTEGER, Green INTEGER,
            Blue INTEGER, ChildOf INTEGER);
        CREATE TABLE DATASHORTTEXT(ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER, {value} INTEGER);
        CREATE TABLE DATABOOLEAN(ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER, Value INTEGER);
        CREATE TABLE DATALONGTEXT(ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER, Value TEXT);"""
    )
    known = [(v * 10 + n, v, "" if n == 0 else f"E {n}") for v in (1, 2, 3) for n in range(6)]
    connection.executemany(f"INSERT INTO {entities} VALUES (?, ?, ?, 0, 0, 0, NULL)", known)
    made = 0
    for number in range(1, documents + 1):
        text = f"Debate {number}. " + article(rng, rng.randrange(3, 15))
        shown = text
        if number % 6 == 0:
            # Kept with line ends of two characters; one version's window counted them as one, the other's as two.
            text = text.replace("\n", "\r\n")
            shown = text if number % 12 == 0 else shown
        name = bare(text)[:60]
        expected.texts[name] += 1
        stamp = (1136073600 + 86400 * number) * (1 if version == 3 else 1000)
        row = (number, f"Debate {number}", text, 1, "A", "The Post", "", "", "", stamp)
        connection.execute("INSERT INTO DOCUMENTS VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        words = [match.span() for match in re.finditer(r"\S+", shown)]
        before = made
        for _ in range(rng.randrange(1, 20)):
            first = rng.randrange(len(words))
            start, end = words[first][0], words[min(first + rng.randrange(1, 40), len(words) - 1)][1]
            made += 1
            kind, coder = rng.choice((1, 1, 1, 2)), rng.choice((1, 2))
            place = (_units(shown[:start]), _units(shown[:end]))
            connection.execute("INSERT INTO STATEMENTS VALUES (?, ?, ?, ?, ?, ?)", (made, kind, number, *place, coder))
            layer = ("DNA Statement", "Annotation")[kind - 1]
            expected.spans[name, ("Admin", "Ana")[coder - 1], layer, bare(shown[start:end])] += 1
            if kind == 1:
                for v in (1, 2, 3):
                    pick = (None, made, v, rng.choice([id_ for id_, of, _ in known if of == v]))
                    connection.execute("INSERT INTO DATASHORTTEXT VALUES (?, ?, ?, ?)", pick)
                connection.execute("INSERT INTO DATABOOLEAN VALUES (?, ?, 4, ?)", (None, made, rng.choice((0, 1))))
            else:
                connection.execute("INSERT INTO DATALONGTEXT VALUES (?, ?, 5, ?)", (None, made, "look\nagain; twice"))
        last = connection.execute("SELECT ID, Coder FROM STATEMENTS WHERE ID > ? ORDER BY ID DESC LIMIT 2", (before,))
        pair = last.fetchall()
        if len(pair) == 2 and pair[0][1] == pair[1][1]:
            connection.execute("INSERT INTO STATEMENTLINKS VALUES (?, ?, ?)", (None, pair[0][0], pair[1][0]))
            expected.links[name, ("Admin", "Ana")[pair[0][1] - 1], "Statement link"] += 1
    connection.commit()
    connection.close()
    return expected


# WebAnno: a folder for each document, a file for each coder


def webanno_project(folder: Path, documents: int, seed: int = 4) -> Counted:
    """Spans over several tokens, stacks, relations and parts of tokens; signs that the format escapes."""
    rng = random.Random(seed)
    expected = Counted()
    for number in range(documents):
        sentences = [
            [f"No{number}", *(rng.choice(_WORDS).strip(",.;") or "x" for _ in range(rng.randrange(3, 25)))]
            for _ in range(rng.randrange(2, 12))
        ]
        name = bare("".join("".join(words) for words in sentences))[:60]
        expected.texts[name] += 1
        for coder in rng.sample(("ana", "ben", "INITIAL_CAS"), 2):
            place = folder / "annotation" / f"article {number}.txt" / f"{coder}.tsv"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(_tsv(rng, sentences, name, coder if coder != "INITIAL_CAS" else "Me", expected), "utf-8")
    return expected


def _tsv(rng: random.Random, sentences: list[list[str]], name: str, coder: str, expected: Counted) -> str:
    out = [
        "#FORMAT=WebAnno TSV 3.2",
        "#T_SP=webanno.custom.Quote|role|sure",
        "#T_RL=webanno.custom.Says|kind|BT_webanno.custom.Quote",
        "",
    ]
    at, number = 0, 0
    for line, words in enumerate(sentences, 1):
        out += ["", f"#Text={' '.join(words).replace(chr(92), chr(92) * 2)}"]
        cells: list[list[str]] = [[] for _ in words]
        relations = [""] * len(words)
        heads: list[tuple[int, int]] = []
        for _ in range(rng.randrange(0, 4)):
            first = rng.randrange(len(words))
            last = min(first + rng.randrange(3), len(words) - 1)
            number += 1
            value = rng.choice(("source", "a\\|b", "*", "x\\[1\\]", "\\_"))
            for token in range(first, last + 1):
                cells[token].append(f"{value}[{number}]\t{'yes' if value == 'source' else '*'}[{number}]")
            heads.append((first, number))
            expected.spans[name, coder, "Quote", "".join(words[first : last + 1])] += 1
        if len(heads) > 1 and heads[0][0] != heads[1][0]:
            relations[heads[1][0]] = f"by\t{line}-{heads[0][0] + 1}[{heads[0][1]}_{heads[1][1]}]"
            expected.links[name, coder, "Says"] += 1
        for token, word in enumerate(words):
            start = at
            at += _units(word) + 1
            roles = "|".join(cell.partition("\t")[0] for cell in cells[token]) or "_"
            sure = "|".join(cell.partition("\t")[2] for cell in cells[token]) or "_"
            told = word.replace("\\", "\\\\")
            out.append(
                f"{line}-{token + 1}\t{start}-{at - 1}\t{told}\t{roles}\t{sure}\t{relations[token] or chr(95) + chr(9) + chr(95)}\t"
            )
            if len(word) > 5 and rng.random() < 0.1:
                out.append(f"{line}-{token + 1}.1\t{start + 1}-{start + 4}\t{word[1:4]}\tpart\t*\t_\t_\t")
                if max(word) < "\uffff":
                    expected.spans[name, coder, "Quote", word[1:4]] += 1
                else:
                    out.pop()
    return "\n".join(out) + "\n"
