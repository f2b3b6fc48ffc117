"""All checks, in an order in which earlier findings explain later ones."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from cli.configuration import Configuration
from cli.doctor import (
    apns_checks,
    exotel_checks,
    phone_checks,
    secret_checks,
    stack_checks,
    version_checks,
    webhook_checks,
)
from cli.doctor.findings import Finding, problem
from cli.errors import OperatorError
from cli.target import Target


@dataclass(frozen=True)
class Examination:
    """Examines one deployment."""

    target: Target

    def checks(self) -> Sequence[tuple[str, Callable[[], Iterable[Finding]]]]:
        """Return each check with the name of its subject."""
        target, base = self.target, self.target.stack.outputs["ApiBase"]
        return [
            ("the stack", lambda: stack_checks.stack(target)),
            ("the secrets", lambda: secret_checks.secrets(self._configuration, on_this_machine=self.target.is_local)),
            ("Exotel", lambda: exotel_checks.exotel(self._configuration)),
            ("FCM", lambda: exotel_checks.fcm(self._configuration)),
            ("APNs", lambda: apns_checks.apns(self._configuration)),
            ("the webhooks", lambda: webhook_checks.reach(self._configuration, base)),
            ("the clocks", lambda: webhook_checks.clock(base)),
            ("the versions", lambda: version_checks.versions(target)),
            ("the queues", lambda: stack_checks.queues(target)),
            ("the alarms", lambda: stack_checks.alarms(target)),
            ("the phones", lambda: phone_checks.phones(target)),
        ]

    def findings(self, progress: Callable[[str], None] = lambda _: None) -> Iterator[Finding]:
        """Yield the findings of each check; a check that fails is a finding. `progress` receives each check's name."""
        for name, check in self.checks():
            progress(name)
            try:
                yield from check()
            except OperatorError as error:
                yield problem(
                    name.removeprefix("the "), "could not be checked", str(error), "Fix that and run this again."
                )

    @cached_property
    def _configuration(self) -> Configuration:
        return self.target.secrets.read().configuration
