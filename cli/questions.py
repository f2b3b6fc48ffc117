"""The answers to setup's questions: from the operator at a terminal, or from defaults."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import typer

from cli import checks
from cli.errors import OperatorError
from cli.fields import Field

_FCM_TITLE = "FCM service account file (Enter to skip: no pushes yet)"


class Questions(Protocol):
    """The questions that options leave open."""

    def account(self, known: Sequence[str]) -> str:
        """Return the account to work on: a known or a new one."""
        ...

    def value(self, field: Field, current: str) -> str:
        """Return a field's value; "" for an optional one without a value."""
        ...

    def service_account(self) -> Mapping[str, Any]:
        """Return the FCM service account, or {} for none."""
        ...

    def agrees(self, question: str) -> bool:
        """Return whether to go on."""
        ...


class Terminal:
    """Asks at the terminal until the answer is valid; present values are the defaults."""

    def account(self, known: Sequence[str]) -> str:
        """Ask, unless there is only one."""
        title = f"Exotel account SID ({', '.join(known)}, or a new one)" if known else "Exotel account SID"
        return known[0] if len(known) == 1 else _prompt(title, checks.account_sid)

    def value(self, field: Field, current: str) -> str:
        """Ask; Enter keeps the present value, which is shown only if it is no secret."""
        title = field.title
        if field.choices:
            offered = "".join(f"  {number}) {url}\n" for number, url in enumerate(field.choices, 1))
            title = f"{title}\n{offered}number or URL"
        default = current or (field.choices[0] if field.choices else "" if field.optional else None)
        if field.hidden and current:
            title += " (Enter keeps the present one)"
        return _prompt(title, field.checked, default=default, hidden=field.hidden)

    def service_account(self) -> Mapping[str, Any]:
        """Ask for the file's path."""
        return _prompt(_FCM_TITLE, lambda path: checks.service_account(path) if path else {}, default="")

    def agrees(self, question: str) -> bool:
        """Ask; Enter is no."""
        return typer.confirm(question, default=False)


class Unattended:
    """Asks nothing (--yes): present values stay, missing ones are an error."""

    def account(self, known: Sequence[str]) -> str:
        """Take the only one there is."""
        if len(known) == 1:
            return known[0]
        raise OperatorError(f"which account? Give --account SID ({', '.join(known) or 'there is none yet'})")

    def value(self, field: Field, current: str) -> str:
        """Keep the present value, or take the only choice."""
        if current or field.optional:
            return current
        if len(field.choices) == 1:
            return field.choices[0]
        raise OperatorError(f"{field.title} is missing: give {field.option} or set {field.variable}")

    def service_account(self) -> Mapping[str, Any]:
        """Return {}: it can be set later."""
        return {}

    def agrees(self, question: str) -> bool:  # noqa: ARG002 - the protocol's
        """Go on."""
        return True


def _prompt[T](title: str, check: Callable[[str], T], *, default: str | None = None, hidden: bool = False) -> T:
    def checked(text: str) -> T:
        try:
            return check(text.strip())
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None

    shown = bool(default) and not hidden
    answer: T = typer.prompt(title, default=default, hide_input=hidden, show_default=shown, value_proc=checked)
    return answer
