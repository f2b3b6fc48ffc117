"""Strategies for inputs from outside: texts, JSON, and valid bodies with one wrong part."""

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus

from hypothesis import strategies as st

ODD = [
    *("", " ", "\0", "\n", "null", "NaN", "0", "-1", "true", "{}", "[]", "%00", "../../etc/passwd", "' OR 1=1 --"),
    *(
        "sip:",
        "sip:alice@host;x=y",
        "\ud800",
        "\U0001f600",
        "ﷺ" * 20,
        "a" * 300,
        "<script>",
        "${jndi:ldap://x}",
        "#",
        "/",
    ),
    *("1970-01-01 05:30:00", "9999-12-31T23:59:59Z", "Sat, 99 Nov 2019 22:00:37", "1e400", "1" * 5000, "٣", "²"),
]
TEXTS = st.text(st.characters(exclude_categories=()), max_size=40) | st.sampled_from(ODD)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.sampled_from([10**400, -(2**63), 1e308, 2**53])
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=8
)
DEEP = ["[" * 50_000, '{"a":' * 20_000, "[" * 20_000 + "]" * 20_000]


@st.composite
def spoilt(draw: st.DrawFn, example: object) -> Any:
    """Return a value in an example's form of which some part is another, missing or one too many."""
    if isinstance(example, list):
        return draw(st.lists(spoilt(example[0]) if example else JSON, max_size=3) | JSON)
    if not isinstance(example, Mapping):
        alike = spoilt_jwt(example) if isinstance(example, str) and example.count(".") == 2 else SCALARS
        return draw(st.just(example) | alike | SCALARS | JSON)
    if not example or draw(st.sampled_from(["part"] * 9 + ["whole"])) == "whole":
        return draw(JSON)
    made = dict(example)
    for name in draw(st.lists(st.sampled_from(sorted(made)), max_size=2, unique=True)):
        made[name] = draw(spoilt(made[name]))
    for name in draw(st.lists(st.sampled_from(sorted(made)), max_size=1)):
        del made[name]
    return made | draw(st.just({}) | st.dictionaries(TEXTS, JSON, max_size=2))


def written(value: object) -> str:
    """Return JSON, with lone surrogates escaped, as a client can send them."""
    return json.dumps(value)


def form(value: object) -> str:
    fields = value if isinstance(value, Mapping) else {"a": value}
    texts = {name: one if isinstance(one, str) else written(one) for name, one in fields.items()}
    return "&".join(f"{quote_plus(n, errors='replace')}={quote_plus(v, errors='replace')}" for n, v in texts.items())


def multipart(value: object, boundary: str = "----x42") -> str:
    fields = value if isinstance(value, Mapping) else {"a": value}
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        f"{one if isinstance(one, str) else written(one)}\r\n"
        for name, one in fields.items()
    ]
    return "".join(parts) + f"--{boundary}--\r\n"


CONTENT_TYPES = st.sampled_from(
    [
        *(
            "application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=----x42",
            "",
            "text/xml",
        ),
        *("multipart/form-data", "multipart/form-data; boundary=", 'application/json; charset="utf-16"'),
    ]
)


def bodies(example: object) -> st.SearchStrategy[str | bytes | None]:
    """Return bodies: the example with a wrong part, in each of three forms, cut off, or no body."""
    whole = spoilt(example)
    texts = st.one_of(whole.map(written), whole.map(written), whole.map(form), whole.map(multipart))
    cut = st.builds(lambda text, at: text[: at % (len(text) + 1)], texts, st.integers(0, 500))
    encoded = texts.map(lambda text: text.encode("utf-8", "surrogatepass"))
    return st.one_of(texts, texts, encoded, cut, TEXTS, st.binary(max_size=80), st.sampled_from(DEEP), st.none())


def queries(example: Mapping[str, str]) -> st.SearchStrategy[str]:
    """Return raw query strings, mostly the example with a wrong part."""
    known = spoilt(example).map(form)
    return st.one_of(known, known, st.dictionaries(TEXTS, TEXTS, max_size=3).map(form), TEXTS)


def encoded(value: object) -> str:
    """Return base64 in the form that JWTs and cursors have."""
    text = value if isinstance(value, str) else written(value)
    return base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode().rstrip("=")


@st.composite
def spoilt_jwt(draw: st.DrawFn, honest: str) -> str:
    """Return a token that differs from a valid one, with some part unchanged."""
    head, claims, signature = honest.split(".")
    parts = [
        draw(st.just(head) | spoilt(_decoded(head)).map(encoded)),
        draw(st.just(claims) | spoilt(_decoded(claims)).map(encoded)),
        draw(st.sampled_from([signature, signature[:-4], ""]) | TEXTS),
    ]
    token = ".".join(parts[: draw(st.sampled_from([3, 3, 3, 2, 1]))])
    return token if token != honest else f"{head}.{claims}."


def _decoded(part: str) -> object:
    try:
        return json.loads(base64.urlsafe_b64decode(part + "=="))
    except ValueError:
        return {}


_HEADS = st.fixed_dictionaries(
    {},
    optional={"alg": st.sampled_from(["none", "HS256", "RS256", "ES256", "None", ""]) | JSON, "kid": JSON, "typ": JSON},
)
_CLAIMS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("iss", "sub", "acc", "ver", "jti", "iat", "exp", "aud", "nbf", "callerId"), JSON)
)
JWTS = st.one_of(
    st.builds(lambda *parts: ".".join(parts), _HEADS.map(encoded), _CLAIMS.map(encoded), TEXTS | st.just("c2ln")),
    st.lists(JSON.map(encoded) | TEXTS, max_size=4).map(".".join),
    st.sampled_from(
        [f"{head}.{claims}.c2ln" for deep in map(encoded, DEEP) for head, claims in ((deep, "e30"), ("e30", deep))]
    ),
    TEXTS,
)
CURSORS = st.one_of(st.tuples(JSON, JSON).map(lambda pair: encoded(list(pair))), JSON.map(encoded), TEXTS)
