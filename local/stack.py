"""The whole local stack in one context manager, for `python -m local` and for tests alike."""

import platform
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from local import demo
from local.calls.call import Call
from local.calls.conversations import Conversations
from local.calls.exotel_events import ExotelEvents
from local.calls.player import CallPlayer
from local.calls.queue_watch import QueueWatch
from local.calls.ringing import PhoneWatch
from local.deployment.aws import Aws
from local.deployment.built_template import read_built_template, strip_codedeploy
from local.deployment.deploy import Deployment, deploy
from local.deployment.reload import LOOK_SECONDS, Reload
from local.deployment.repeated import repeated
from local.deployment.routes import make_routes
from local.deployment.secret_values import fill_secrets, secret_values
from local.deployment.seed import seed
from local.deployment.state import State
from local.deployment.template_parameters import checked
from local.emulator.process import Emulator
from local.emulator.run_folder import run_folder, scratch_folder
from local.gateway.public_server import PublicServer
from local.gateway.servers import Servers
from local.options import Options
from local.phones.bridge import Bridge
from local.phones.platform import Platform
from local.simulators import start_simulators
from local.workbench.call_list import CallList
from local.workbench.exchange import Exchange
from local.workbench.log_lines import LogLines
from local.workbench.operator import Operator
from local.workbench.queue_list import QueueList
from local.workbench.users import Users
from local.workbench.workbench import TOPIC, Parts

ROOT = SOURCES = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / ".aws-sam" / "host" / "template.yaml"
HOME = ROOT / ".local"
EMULATOR = ROOT / ".tools" / "emulator" / "bin" / "python"
# The wait for a push is longer than the ring time by so many seconds.
PATIENCE_SECONDS = 5.0
SAVE_SECONDS = 30.0  # what a stack that is killed may lose of its state


class LocalStack:
    """Runs the emulator, the simulators, the deployed product and its public server inside a `with` block.

    `parameters` of the template override the local ones; `say` gets a line about each step. Entering may raise
    LocalStackError; then nothing is left running. Inside: `base_url` is the public server, `emulator` the AWS emulator,
    `aws` its clients as root, `deployment` the stack's outputs and resources, `simulators` Exotel and FCM with faults
    and pushes, `backend` the API as outside callers use it.
    """

    def __init__(
        self,
        options: Options | None = None,
        *,
        parameters: Mapping[str, str] | None = None,
        template: Path = TEMPLATE,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.options = options or Options(port=0)
        self._given = dict(self.options.parameters) | dict(parameters or {})
        self._parameters = _local_parameters(self.options) | self._given
        self._template, self._say = template, say
        self._stack = ExitStack()
        self.base_url, self.port, self.https_port, self.phone_token = "", 0, 0, ""

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            self._start(starting)
            self._stack = starting.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def call(self, caller: str, callee: str, **how: str) -> dict[str, Any]:
        """Place a call, as `POST /_sim/calls` does; `how` may set message, order and format."""
        return self._servers.run(self._player.play(Call(caller, callee, **how)))

    def heard(self, hear: Callable[[Exchange], None]) -> None:
        """Call `hear` with each further request of the API, on the servers' event loop."""
        self._requests.heard.append(hear)

    def _start(self, starting: ExitStack) -> None:
        checked(self._given, read_built_template(self._template))
        state = State(self.options.state) if self.options.state else None
        if state is not None:
            starting.enter_context(state.held())
        self._servers = starting.enter_context(Servers())
        self.simulators = start_simulators(self._servers, demo.ACCOUNTS)
        public = PublicServer(self._servers, self.options, self.simulators)
        self.base_url, self.port = public.base_url, public.port
        self.https_port, self.phone_token = public.https_port, public.guard.token
        self._requests = public.workbench.requests
        home = run_folder(HOME)
        scratch = starting.enter_context(scratch_folder(home))
        self.emulator = starting.enter_context(Emulator(EMULATOR, home, scratch))
        self._say(f"emulator {self.emulator.url}, log {self.emulator.log.relative_to(ROOT)}")
        self.aws = Aws(self.emulator.url)
        self.deployment = self._deploy()
        fill_secrets(self.aws, self.deployment, secret_values(self.options, self.simulators))
        if state is not None:
            count = state.restore(self.aws, self.deployment, self.simulators.exotel.subscribers)
            self._say(f"restored {count} items from {state.folder}")
        public.connect(starting, self.emulator.url, make_routes(self.aws, self.deployment))
        self.backend = public.backend(starting)
        phones = self._servers.run(seed(self.backend, with_phones=self.options.fcm_service_account is None))
        self._say("demo seeded: " + ", ".join(subscriber.name for subscriber in demo.SUBSCRIBERS))
        self._begin_state(starting, state)
        self._begin_watch(starting)
        conversations = Conversations(self.backend, self.simulators.pushes, self.options.exophone, phones)
        starting.callback(lambda: self._servers.run(conversations.close()))
        self._player = self._call_player(conversations)
        platform = self._platform(public)
        starting.callback(lambda: self._servers.run(platform.close()))
        starting.callback(lambda: self._servers.run(public.workbench.close()))
        public.open(self._player, platform, self._parts(public))

    def _begin_state(self, starting: ExitStack, state: State | None) -> None:
        """Save the state now and then, and at the end."""
        if state is not None:
            save = partial(state.save, self.aws, self.deployment, self.simulators.exotel.subscribers)
            starting.callback(save)
            starting.enter_context(repeated("saving the state", save, SAVE_SECONDS))

    def _begin_watch(self, starting: ExitStack) -> None:
        if self.options.watch:
            reload = Reload(self.aws, self.deployment, SOURCES, self._template.parent, self._say)
            reload.begin()
            starting.enter_context(repeated("reloading", reload.look, LOOK_SECONDS))

    def _deploy(self) -> Deployment:
        template = read_built_template(self._template)
        for what in strip_codedeploy(template):
            self._say(f"left out for the emulator: {what}")
        deployment = deploy(self.aws, template, self._template.parent, self._parameters)
        self._say(f"deployed {len(deployment.resources)} resources")
        return deployment

    def _platform(self, public: PublicServer) -> Platform:
        exotel = ExotelEvents(self.backend, self.options.exophone)
        bridge = Bridge(self.backend, exotel, self._ring_seconds, self.simulators.faults)
        return Platform(bridge, public.phones.shelf, public.phones.tell)

    def _parts(self, public: PublicServer) -> Parts:
        operator = Operator(self.options.reachable_host, self.port)
        bench, resources = public.workbench, self.deployment.resources
        watched, told = partial(bench.feed.listened, TOPIC), partial(bench.feed.publish, TOPIC, "calls", {})
        groups = [one for name, one in resources.items() if name.endswith("LogGroup")]
        queues = {name: url for name, url in resources.items() if name.endswith("Queue") and "://" in url}
        return Parts(
            self.backend,
            operator,
            CallList(operator, bench.requests, watched, told),
            LogLines(self.aws, groups),
            QueueList(self.aws, queues),
            Users(self.backend, public.phones.shelf, self._names),
        )

    def _names(self) -> list[str]:
        """All subscribers, as far as this machine knows them."""
        known = {one.name for one in self.simulators.exotel.subscribers.listed(self.options.account, None)}
        return sorted(known | {one.name for one in demo.SUBSCRIBERS})

    @property
    def _ring_seconds(self) -> float:
        return float(self._parameters.get("RingSeconds", "30"))

    def _call_player(self, conversations: Conversations) -> CallPlayer:
        ring_seconds, resources = self._ring_seconds, self.deployment.resources
        watch: PhoneWatch | QueueWatch = PhoneWatch(
            self.backend, self.simulators.pushes, patience=ring_seconds + PATIENCE_SECONDS
        )
        if self.options.fcm_service_account:
            queues = resources["PushQueue"], resources["PushDeadLetterQueue"]
            watch = QueueWatch(self.backend, self.aws, *queues, ring_seconds)
        return CallPlayer(self.backend, watch, self.options.exophone, conversations, self.simulators.faults)


def _local_parameters(options: Options) -> dict[str, str]:
    """The template's parameters on this machine."""
    host = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
    return {"Architecture": host, "StockApps": options.stock_apps, "Contacts": "everyone"}
