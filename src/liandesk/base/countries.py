"""Countries and regions by ISO 3166 alpha-2 code; names in both languages come from Babel's CLDR data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from babel import Locale
from babel.core import get_global

from liandesk.base.pack import Text

# CLDR's two-letter codes that are no ISO 3166 country or region: exceptional reservations, groups and test codes
_NO_COUNTRY = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"])

# how GB/T 2659 and the district's papers name them, where CLDR's names differ
_NAMES: Mapping[str, Text] = {
    "HK": {"zh": "中国香港", "en": "Hong Kong, China"},
    "MO": {"zh": "中国澳门", "en": "Macao, China"},
    "TW": {"zh": "中国台湾", "en": "Taiwan, China"},
}


def _territories(language: str) -> Mapping[str, str]:
    territories: Mapping[str, str] = Locale(language).territories
    return territories


@cache
def country_names() -> Mapping[str, Text]:
    """Return the name of every country and region by its code."""
    zh, en = _territories("zh"), _territories("en")
    codes = sorted(code for code in zh if re.fullmatch("[A-Z]{2}", code) and code not in _NO_COUNTRY)
    return {code: _NAMES.get(code) or {"zh": zh[code], "en": en[code]} for code in codes}


def country_name(code: str, language: str) -> str:
    """Return the name in ``zh`` or ``en``; a code that no country has is returned as it is."""
    names = country_names().get(code)
    return names["en" if language.startswith("en") else "zh"] if names else code


@cache
def country_synonyms() -> Mapping[str, tuple[str, ...]]:
    """Return other spellings by code: CLDR's own name where ours differs, alpha-3 codes, and "UK"."""
    zh, en = _territories("zh"), _territories("en")
    found = {code: {zh[code], en[code]} - set(names.values()) for code, names in country_names().items()}
    for alias, codes in get_global("territory_aliases").items():
        if len(codes) == 1 and codes[0] in found and not alias.isdigit() and (len(alias) == 3 or alias == "UK"):
            found[codes[0]].add(alias)
    return {code: tuple(sorted(names)) for code, names in found.items()}
