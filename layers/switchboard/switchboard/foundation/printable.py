"""Texts from outside, made harmless for whoever looks at them in a terminal."""


def printable(text: str) -> str:
    """Return the text with U+FFFD in place of what is not printable: control codes would move the cursor."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
