"""The places in which the package can be changed by one operator, number, flag, condition or result."""

import ast
import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
PACKAGE = Path("layers/switchboard/switchboard")
AT_LEAST = 3  # mutants of each room, where there are so many
SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult,
    ast.Mod: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip
UNTOUCHED = {
    "annotation",
    "returns",
    "decorator_list",
    "type_params",
    "bases",
}  # fields of nodes that do nothing at run time


class Mutant(NamedTuple):
    """`was` at bytes `start` to `end` of the file at `path` (relative to the repository) becomes `becomes`."""

    path: Path
    line: int
    start: int
    end: int
    was: str
    becomes: str

    @property
    def room(self) -> str:
        """The folder of the package."""
        return self.path.relative_to(PACKAGE).parts[0]

    def apply(self, source: bytes) -> bytes:
        """Return the file's content with this change."""
        return source[: self.start] + self.becomes.encode() + source[self.end :]


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Yield every mutant of a module, given by its path in the repository."""
    source = (ROOT / path).read_bytes()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for node, becomes in _changes(ast.parse(source)):
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
        yield Mutant(path, node.lineno, start, end, source[start:end].decode(), becomes)


def _changes(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """Yield each node under this one that can change, with the source that takes its place."""
    if _declares_only(node):
        return
    yield from _change(node)
    for field, value in ast.iter_fields(node):
        if field not in UNTOUCHED:
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from _changes(child)


def _declares_only(node: ast.AST) -> bool:
    match node:
        case ast.ClassDef():
            return any("Protocol" in ast.unparse(base) for base in node.bases)
        case ast.If(test=ast.Name(id="TYPE_CHECKING")) | ast.TypeAlias() | ast.JoinedStr():
            return True
    return False


def _change(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    match node:
        case ast.Compare(ops=[op]) | ast.BinOp(op=op) | ast.BoolOp(op=op) if type(op) in SWAPPED:
            yield node, f"({ast.unparse(_swapped(node, SWAPPED[type(op)]()))})"
        case ast.UnaryOp(op=ast.Not()):
            yield node, f"({ast.unparse(node.operand)})"
        case ast.Constant(value=bool() as value):
            yield node, str(not value)
        case ast.Constant(value=int() as value):
            yield node, str(value + 1)
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield node, "return None"
        case ast.If():
            yield node.test, f"not ({ast.unparse(node.test)})"


def _swapped(node: ast.AST, operator: ast.AST) -> ast.AST:
    swapped = copy.copy(node)
    if isinstance(node, ast.Compare):
        swapped.ops = [operator]  # type: ignore[attr-defined]
    else:
        swapped.op = operator  # type: ignore[attr-defined]
    return swapped


def sample(count: int, seed: int) -> list[Mutant]:
    """Return `count` mutants, the same for the same seed and sources, of each room three or an equal share."""
    every = [m for path in sorted((ROOT / PACKAGE).rglob("*.py")) for m in mutants_of(path.relative_to(ROOT))]
    chance = random.Random(seed)  # noqa: S311
    rooms = sorted({mutant.room for mutant in every})
    least = min(AT_LEAST, count // len(rooms))
    first = [m for room in rooms for m in chance.sample([m for m in every if m.room == room], least)]
    rest = [mutant for mutant in every if mutant not in first]
    return sorted(first + chance.sample(rest, max(0, count - len(first))))
