"""Words of names: how they are written down to be compared, what they sound like, and how they are mistyped.

Several sound codes are kept, since each misses what another finds: Metaphone hears Catherine and Kathryn as one and not Siobhan and
Shivaun, Soundex the other way about.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import jellyfish

#: Combining accents, left over when a letter is taken apart. Written as the database's regular expressions and Python's both read them.
MARKS = "\u0300-\u036f"
APOSTROPHES = "'`\u00b4\u2018\u2019\u02bb\u02bc"
#: All that stands between words: spaces, punctuation, hyphens of every kind.
BETWEEN = (
    r"\u0001-\u0026\u0028-\u002f\u003a-\u0040\u005b-\u005f\u007b-\u00a9\u00ab-\u00b3\u00b5-\u00b9\u00bb-\u00bf"
    r"\u2000-\u2017\u201a-\u206f\u3000-\u303f"
)
#: Letters that do not come apart into a letter and an accent.
LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i"}

_MARKS = re.compile(f"[{MARKS}]")
_APOSTROPHES = re.compile(f"[{APOSTROPHES}]")
_BETWEEN = re.compile(f"[{BETWEEN}]+")
_ASCII_LETTERS = re.compile(r"[a-z]+")
LONGEST_MISTYPED = 16


def plain(text: str) -> str:
    """Small letters without accents."""
    found = _MARKS.sub("", unicodedata.normalize("NFKD", text)).lower()
    for odd, usual in LETTERS.items():
        found = found.replace(odd, usual)
    return found


def split(text: str) -> list[str]:
    """The words of a text, in order: `O'Neill-Smith` has `oneill` and `smith`."""
    return [word for word in _BETWEEN.split(_APOSTROPHES.sub("", plain(text.replace("\x00", " ")))) if word]


def sounds(word: str) -> list[str]:
    """The keys of a word: two words that share one are worth comparing. A letter before each says which kind of key it is."""
    return sorted({*_sound_codes(word), *(f"d{part}" for part in _mistypings(word))})


def shared_sounds(one: str, other: str) -> int:
    """How many of the sound codes of two words agree."""
    return len(set(_sound_codes(one)) & set(_sound_codes(other)))


def _sound_codes(word: str) -> Iterator[str]:
    """Metaphone, NYSIIS, Match Rating, Soundex, and our own spelling of transliterated names."""
    if len(word) < 3 or not _ASCII_LETTERS.fullmatch(word):
        return
    yield f"m{jellyfish.metaphone(word)}"
    yield f"n{jellyfish.nysiis(word)}"
    yield f"r{jellyfish.match_rating_codex(word)}"
    yield f"s{jellyfish.soundex(word)}"
    yield f"t{skeleton(word)}"


def _mistypings(word: str) -> Iterator[str]:
    """The word, and the word without each of its letters in turn.

    Two words that differ by one letter left out, put in, changed or changed round with the next always share one of these.
    """
    if len(word) > LONGEST_MISTYPED:
        return
    yield word
    if len(word) > 2:
        for place in range(len(word)):
            yield word[:place] + word[place + 1 :]


#: One spelling for what transliteration writes in several ways: Arabic, South Asian and Slavonic names in Latin letters. In order.
_SPELLINGS = (
    *((f"{letter}h", letter) for letter in "bdgt"),
    *(("szcz", "s"), ("sch", "s"), ("sh", "s"), ("sz", "s"), ("cz", "c"), ("tch", "c"), ("ch", "c"), ("kh", "h")),
    *(("ph", "f"), ("ck", "k"), ("q", "k"), ("x", "ks"), ("w", "v"), ("z", "s"), ("j", "y")),
    *(("ou", "u"), ("oo", "u"), ("o", "u"), ("ee", "i"), ("ie", "i"), ("ei", "i"), ("ey", "i"), ("ai", "i")),
    *(("ay", "i"), ("y", "i"), ("e", "i"), ("c", "k")),
)
_AGAIN = re.compile(r"(.)\1+")
_END = re.compile(r"(?<=..)h$")


def skeleton(word: str) -> str:
    """A word in the one spelling: Mohammed, Muhammad and Mohamad are `muhamid`, `muhamad` and `muhamad`; doubled letters are one."""
    for written, one in _SPELLINGS:
        word = word.replace(written, one)
    return _END.sub("", _AGAIN.sub(r"\1", word))
