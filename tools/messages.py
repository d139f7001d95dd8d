"""The catalogue of interface texts: ``python tools/messages.py extract|compile|check``.

``extract`` reads every text marked for translation under ``src/liandesk`` into the Chinese catalogue, keeping what is
translated and dropping what no source says any more; ``check`` changes nothing and says what is missing or wrong;
``compile`` writes the ``.mo``. Babel and Django's own template reader do it: no gettext program is needed.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from compile_translations import compile_catalogue
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "liandesk"
CATALOGUE = SOURCE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"

Keywords = dict[str, tuple[int | tuple[int, int] | tuple[int, str], ...] | None]

# which arguments of each function are texts: (context, singular, plural); None: the first
FUNCTIONS: Keywords = {
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
KEYWORDS: Keywords = {
    "_": None,  # what Django's template reader writes
    "gettext_noop": None,
    **FUNCTIONS,
    **{f"{name}_lazy": arguments for name, arguments in FUNCTIONS.items()},
}
RENAMED = re.compile(r"\b(\w*gettext\w*) as (\w+)")
HEADER = """\
# Chinese texts of the interface. Written by hand; `python tools/messages.py extract` adds what is new.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Language: zh_Hans\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")


def sources() -> list[Path]:
    """Return the files that may hold texts, in a fixed order."""
    found = [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"), *SOURCE.rglob("*.txt")]
    return sorted(path for path in found if not {"migrations", "static", "packs"} & set(path.parts))


def extracted() -> Catalog:
    """Return a catalogue of every marked text, without translations."""
    catalog = empty()
    for path in sources():
        place = path.relative_to(ROOT).as_posix()
        for context, texts in texts_of(path):
            catalog.add(texts if len(texts) > 1 else texts[0], context=context, locations=[(place, 0)])
    return catalog


def texts_of(path: Path) -> Iterator[tuple[str | None, tuple[str, ...]]]:
    """Yield context, singular and, where there is one, plural of each text of a file."""
    code = path.read_text("utf-8")
    if path.suffix != ".py":
        code = f"({templatize(code, origin=str(path))}\n)"  # in brackets, so that its indentation means nothing
    keywords = KEYWORDS | {alias: KEYWORDS[name] for name, alias in RENAMED.findall(code)}
    for _line, name, said, _comments in extract_python(io.BytesIO(code.encode()), cast(Any, keywords), [], {}):
        if (arguments := _arguments(keywords[str(name)] or (1,), said)) is not None:
            yield arguments


def _arguments(places: tuple[object, ...], said: object) -> tuple[str | None, tuple[str, ...]] | None:
    """Tell context and texts apart; None where a call has no literal text."""
    given = said if isinstance(said, tuple) else (said,)
    has_context = any(isinstance(place, tuple) for place in places)
    wanted = len(places)
    texts = given[:wanted]
    if len(texts) < wanted or not all(isinstance(text, str) and text for text in texts):
        return None
    return (texts[0], texts[1:]) if has_context else (None, texts)


def empty() -> Catalog:
    """Return an empty Chinese catalogue: one plural form."""
    return Catalog(locale="zh_Hans", fuzzy=False)


def current() -> Catalog:
    """Return the catalogue as it lies in the project; an empty one before the first."""
    if not CATALOGUE.exists():
        return empty()
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans", abort_invalid=True)


def updated() -> Catalog:
    """Return every text of the sources with the translations that there are."""
    old, new = current(), extracted()
    for message in messages(new):
        known = old.get(message.id if isinstance(message.id, str) else message.id[0], context=message.context)
        if known is not None and known.string:
            message.string = known.string
        if known is not None:
            message.user_comments = known.user_comments
    return new


def rendered(catalog: Catalog) -> str:
    """Return the text of the file: sorted, places without line numbers, so that only changed texts change it."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=100, sort_output=True, omit_header=True, include_lineno=False)
    return HEADER + buffer.getvalue().decode("utf-8").strip() + "\n"


def messages(catalog: Catalog) -> list[Message]:
    """Return the texts of a catalogue, without its header."""
    return [message for message in catalog if message.id]


def mistakes(catalog: Catalog) -> list[str]:
    """Return what is untranslated, uncertain, or has other placeholders than its original."""
    found = []
    for message in messages(catalog):
        for string in _forms(message.string)[: catalog.num_plurals] or [""]:
            if problem := _problem(message, string):
                found.append(f"{problem}: {_first(message)!r} ({_places(message)})")
    return found


def _problem(message: Message, string: str) -> str | None:
    if message.fuzzy:
        return "uncertain"
    if not string:
        return "not translated"
    # of a plural only the form with the number has to hold it; Chinese has one form, which is used for all
    return None if placeholders(_forms(message.id)[-1]) == placeholders(string) else "other placeholders"


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def _forms(texts: object) -> list[str]:
    if isinstance(texts, str):
        return [texts]
    return [str(text) for text in texts] if isinstance(texts, list | tuple) else []


def _first(message: Message) -> str:
    return _forms(message.id)[0]


def _places(message: Message) -> str:
    return ", ".join(sorted({place for place, _line in message.locations}))


def extract() -> int:
    """Write the catalogue; print what is not translated."""
    catalog = updated()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_text(rendered(catalog), "utf-8")
    found = mistakes(catalog)
    print("\n".join([*found, f"{len(messages(catalog))} texts, {len(found)} to mend in {CATALOGUE.relative_to(ROOT)}"]))
    return 0


def check() -> int:
    """Change nothing; fail when the catalogue is not what the sources say or is not complete."""
    found = mistakes(current())
    if not CATALOGUE.exists() or CATALOGUE.read_text("utf-8") != rendered(updated()):
        found.append("The catalogue is not what the sources say. Run `python tools/messages.py extract`.")
    print("\n".join(found or ["The catalogue is complete."]))
    return 1 if found else 0


def compile_it() -> int:
    """Write the ``.mo`` beside the catalogue."""
    found = compile_catalogue(CATALOGUE)
    print("\n".join(found or [f"{CATALOGUE.with_suffix('.mo').relative_to(ROOT)} written"]))
    return 1 if found else 0


COMMANDS = {"extract": extract, "compile": compile_it, "check": check}


def main(arguments: list[str]) -> int:
    """Run one command."""
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        sys.stderr.write(f"usage: python tools/messages.py {'|'.join(COMMANDS)}\n")
        return 2
    return COMMANDS[arguments[0]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
