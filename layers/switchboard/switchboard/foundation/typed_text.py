"""Normalises what users type: keyboards and apps send the same text in different forms."""

import unicodedata

LONGEST_PASSWORD = 1024  # characters as sent; the time for normalisation grows with the square of the length
# All that the apps' trim() removes: Java's and Kotlin's (controls up to the space, Unicode's spaces; on older Androids
# U+180E too), Dart's (U+0085, U+FEFF) and Foundation's (U+200B).
SPACES = "".join(map(chr, [*range(0x21), 0x85, 0xA0, 0x1680, 0x180E, *range(0x2000, 0x200C)]))
SPACES += "\u2028\u2029\u202f\u205f\u3000\ufeff"


def trimmed(text: str) -> str:
    """Return the text without leading and trailing spaces, by the rules of the apps' own trim()."""
    return text.strip(SPACES)


def composed(password: str) -> str:
    """Return the password in Unicode's composed form (NFC), because keyboards send a letter like `é` in two forms.

    Nothing else is changed. The caller limits the length to LONGEST_PASSWORD.
    """
    return unicodedata.normalize("NFC", password)
