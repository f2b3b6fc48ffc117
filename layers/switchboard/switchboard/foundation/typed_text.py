"""What users type, which keyboards and apps change on its way: the same text must be recognised however it comes."""

import unicodedata

LONGEST_PASSWORD = 1024  # characters as sent; composing takes time that grows with the square of the length
# All that the apps' trim() removes: Java's and Kotlin's (controls up to the space, Unicode's spaces; on older Androids
# U+180E too), Dart's (U+0085, U+FEFF) and Foundation's (U+200B).
SPACES = "".join(map(chr, [*range(0x21), 0x85, 0xA0, 0x1680, 0x180E, *range(0x2000, 0x200C)]))
SPACES += "\u2028\u2029\u202f\u205f\u3000\ufeff"


def trimmed(text: str) -> str:
    """Return the text without the spaces around it, as the apps remove them."""
    return text.strip(SPACES)


def composed(password: str) -> str:
    """Return the password in Unicode's composed form (NFC): keyboards differ in how they send one and the same letter.

    Nothing else is changed. The caller bounds the length, at LONGEST_PASSWORD.
    """
    return unicodedata.normalize("NFC", password)
