"""Names in Latin letters: distinctive words, shared words, place, legal form; clauses of ownership put aside."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from liankit.entities.parsed import ParsedName
from liankit.entities.vocabulary import NOWHERE, Region, blind_words, latin

# "Acme, a Globex Company": Globex owns Acme. Owner, maker and agent are other organisations than the named one.
_OWNER = re.compile(
    r"[,;(\[ ]+(?:an? (?:[\w.&' -]+ )?(?:company|subsidiary|division|affiliate|business|member|unit|part)\b"
    r"|(?:indirect |wholly[- ]owned |direct )+subsidiary\b|(?:a )?(?:division|subsidiary|part|member) of\b).*$",
    re.I,
)
_MAKER = re.compile(
    r"[(\[,; ]+(?:mfd|mfr|manufactured|made|distributed|marketed|packaged|supplied|on behalf)\.?\s*(?:by|for|of)\b.*$",
    re.I,
)
_ALSO = re.compile(
    r"[(\[,; ]+(?:formerly|previously|f/k/a|fka|d/b/a|dba|doing business as|aka|a/k/a)[:.]?\s+(.*)$", re.I
)
_PLACEHOLDER = re.compile(
    r"\b(?:research|investigati\w+|clinical|study|trial|local) (?:site|facility|institution|cent(?:er|re))s?\b", re.I
)
_SITE_NUMBER = re.compile(r"\( *site *#? *\d+ *\)?", re.I)  # "Tumor Hospital ( Site 1653)" is the hospital
_NUMBERED_SITE = re.compile(r"\bsite *#? *\d+$", re.I)  # "Acme Site 1001" is anywhere
_STOPS = re.compile(r"(?<=\b\w)\.\s?(?=\w\b)|(?<=\w)['’](?=\w)")
_WORD = re.compile(r"\w+")
_MIN_TYPO = 7  # letters; shorter words differ by a letter and are other words: "sanol", "sanofi"


def parse_latin(name: str) -> ParsedName:
    """Split a name in Latin letters into its parts.

    >>> parsed = parse_latin("Acme Phamaceuticals (Hangzhou) Co.,Ltd., a Globex Company")
    >>> parsed.words, parsed.trades, parsed.region.city, parsed.legal_form
    (('acme',), ('pharmaceutical',), '杭州', 'ltd')
    """
    bare = _MAKER.sub("", _OWNER.sub("", name))
    also = tuple(found[1].strip(" .)]") for found in [_ALSO.search(bare)] if found)
    words = _without_slips(_words(_SITE_NUMBER.sub(" ", _ALSO.sub("", bare))))
    parts = _Parts()
    for at, word in enumerate(words):
        parts.take(word, is_first=at == 0)
    return parts.named(" ".join(words), also, _is_blind(name, words))


class _Parts:
    """Collects the words of a name by their role."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.trades: list[str] = []
        self.numbers: list[str] = []
        self.branch: list[str] = []
        self.forms: list[str] = []
        self.weak_form = ""  # "company" says a form only where nothing else does
        self.region, self.region_text = NOWHERE, ""

    def take(self, word: str, *, is_first: bool) -> None:
        """Put one word where it belongs; a country in front is part of the stem ("American Regent")."""
        known = latin()
        region = known.regions.get(word) or known.regions.get(_mistyped(word, _long_regions()))
        if word in known.legal_forms:
            self.forms.append(known.legal_forms[word])
        elif word in ("co", "company"):
            self.weak_form = "co"
        elif word in known.empty:
            return
        elif region and not (is_first and region.province.isascii()):
            self._take_region(word, region)
        elif word in known.ordinals or word.isdigit():
            self.numbers.append(str(known.ordinals.get(word, word)))
        elif word in known.branch:
            self.branch.append(word)
        elif trade := _trade(word):
            self.trades.append(trade)
        else:
            self.words.append(word)

    def _take_region(self, word: str, region: Region) -> None:
        self.region = region if region.city or not self.region.province else self.region
        self.region_text = f"{self.region_text} {word}".strip()

    def named(self, text: str, also: tuple[str, ...], is_blind: bool) -> ParsedName:
        return ParsedName(
            script="latin",
            text=text,
            words=tuple(self.words),
            trades=tuple(self.trades),
            region=self.region,
            region_text=self.region_text,
            legal_form=" ".join(dict.fromkeys(self.forms)) or self.weak_form,
            is_group="group" in self.trades,
            branch=" ".join(self.branch),
            numbers=tuple(self.numbers),
            also=also,
            is_blind=is_blind,
        )


def _words(name: str) -> list[str]:
    """Return the words in lower case without accents; "S.p.A." is one word, brackets and signs part words."""
    plain = unicodedata.normalize("NFKD", name.lower().replace("ß", "ss").replace("ø", "o").replace("ł", "l"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return _WORD.findall(_STOPS.sub("", plain))


def _without_slips(words: list[str]) -> list[str]:
    """Mend slips about the legal form: a nought for an o ("C0., Ltd."), a stray letter ("Inc.l"), "Linited"."""
    known = latin()
    if len(words) > 2 and len(words[-1]) == 1 and words[-2] in known.legal_forms and words[-1] not in known.ordinals:
        words = words[:-1]
    meant = [(word, word.replace("0", "o")) for word in words]
    mended = [o if o in known.legal_forms or o in known.trades or o in ("co", "company") else word for word, o in meant]
    return [*mended[:-1], _mistyped(mended[-1], _long_forms(), least=6) or mended[-1]] if mended else []


@lru_cache(maxsize=1 << 16)
def _trade(word: str) -> str:
    """Return the group of a trade word, also of a mistyped one ("pharamceutical"); "" for any other word."""
    known = latin().trades
    if word in known:
        return known[word]
    return known.get(_mistyped(word, _long_trades()), "")


@lru_cache(maxsize=1 << 16)
def _mistyped(word: str, meant: tuple[str, ...], least: int = _MIN_TYPO) -> str:
    """Return the long word that a mistyped one of at least so many letters was meant to be; "" where there is none."""
    if len(word) < least:
        return ""
    found = extractOne(word, meant, scorer=OSA.distance, score_cutoff=2 if len(word) > 10 else 1)
    return found[0] if found else ""


@cache
def _long_trades() -> tuple[str, ...]:
    return tuple(word for word in latin().trades if len(word) >= _MIN_TYPO)


@cache
def _long_forms() -> tuple[str, ...]:
    return tuple(word for word in latin().legal_forms if len(word) >= _MIN_TYPO)


@cache
def _long_regions() -> tuple[str, ...]:
    return tuple(word for word in latin().regions if len(word) > _MIN_TYPO)


def _is_blind(name: str, words: list[str]) -> bool:
    """Say whether a name is a code for nobody in particular: "Research Site 324", "Site 12", "Investigative Site"."""
    rest = [word for word in words if word not in blind_words() and not re.fullmatch(r"[a-z]{0,3}\d+", word)]
    most = 1 if _PLACEHOLDER.search(name) else 2 if _NUMBERED_SITE.search(name) else 0
    return len(rest) <= most
