"""Makes texts from outside safe to print in a terminal."""


def printable(text: str) -> str:
    """Return the text with each unprintable character replaced by U+FFFD, since control codes can move the cursor."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
