"""Refuse a request that matches no route, and suggest the route that was probably meant."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from switchboard.foundation.errors import NotFoundError

_BASE = "the apps append to a base URL such as https://host/v1, without a slash at its end"


@dataclass(frozen=True, slots=True)
class RefuseUnknown:
    """`routes` holds API Gateway's route keys, such as `POST /v1/login`."""

    routes: Sequence[str]

    def __call__(self, method: str, path: str) -> NotFoundError:
        """Return the error. It never quotes the path, which may contain a secret."""
        segments = [segment for segment in path.split("/") if segment]
        pattern, methods = self._known(segments)
        if not pattern:
            return NotFoundError("unknown_route", f"no such route: {_BASE}")
        if path != "/" + "/".join(segments):
            meant = method if method in methods else ", ".join(methods)
            message = f"no such route: write {meant} {pattern} without doubled or final slashes; {_BASE}"
            return NotFoundError("unknown_route", message)
        return NotFoundError("unknown_route", f"no such route: {pattern} takes {', '.join(methods)}")

    def _known(self, segments: Sequence[str]) -> tuple[str, list[str]]:
        """Return the route pattern that the segments match, and its methods; "" and no methods if none matches."""
        found = list(self._fitting(segments))
        return (found[0][1] if found else ""), [method for method, _ in found]

    def _fitting(self, segments: Sequence[str]) -> Iterator[tuple[str, str]]:
        for route in self.routes:
            method, _, pattern = route.partition(" ")
            parts = pattern.strip("/").split("/")
            same = (part == given or part.startswith("{") for part, given in zip(parts, segments, strict=False))
            if len(parts) == len(segments) and all(same):
                yield method, pattern
