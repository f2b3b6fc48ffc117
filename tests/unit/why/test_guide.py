import re

from tests.sam_template import ROOT

_CODE = re.compile(r'(?:Finding|_Meaning)\(\s*(?:r"[^"]*",\s*)?"([a-z-]+)"(?: if \w+ else "([a-z-]+)")?')


def test_the_guide_explains_every_finding_and_no_other() -> None:
    sources = (ROOT / "cli/why/diagnosis").glob("*.py")
    codes = {code for path in sources for pair in _CODE.findall(path.read_text()) for code in pair if code}
    guide = (ROOT / "docs/troubleshooting.md").read_text()
    rows = [line.split("|")[1] for line in guide.splitlines() if line.startswith("| `")]
    explained = {code for row in rows for code in re.findall(r"`([a-z-]+)`", row)}
    assert explained == codes | {"call-missed", "call-rejected"}  # these are named after the call's outcome
