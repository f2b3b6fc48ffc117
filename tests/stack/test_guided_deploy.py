"""An operator's first deployment, in a pseudo-terminal: `sam deploy --guided`, then `switchboard setup`."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from local.deployment.aws import Aws
from local.stack import ROOT
from tests.cli.conftest import service_account_file
from tests.patience import patience

WITH_DASHBOARD = ("--parameter-overrides", "Monitoring=full")  # the answer that is offered
STACK = "switchboard"  # samconfig.toml's default
SAM = ROOT / ".tools" / "sam" / "bin" / "sam"


class Terminal:
    """A program in a pseudo-terminal; `shown` is all that it printed."""

    def __init__(self, command: list[str], aws: Aws, folder: Path) -> None:
        environment = aws.environment() | {"SAM_CLI_TELEMETRY": "0", "SAM_CLI_POLL_DELAY": "0.2", "TERM": "dumb"}
        self._child = pexpect.spawn(
            *(command[0], command[1:]),
            cwd=folder,
            env=environment,
            encoding="utf-8",
            timeout=patience(120),
            dimensions=(50, 250),
        )
        self.shown = ""

    def await_question(self, ending: str) -> bool:
        """Wait for a prompt that ends so, or for the end."""
        asked = self._child.expect([ending, pexpect.EOF]) == 0
        self.shown += self._child.before + (self._child.after if asked else "")
        return asked

    def enter(self, text: str = "") -> None:
        self._child.sendline(text)

    def exit_code(self) -> int:
        self._child.close()
        return int(self._child.exitstatus)


@pytest.fixture(scope="module")
def deployed(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """Deploy with nothing but Enter, in a copy of the project's folder because SAM saves the answers there."""
    project = tmp_path_factory.mktemp("project")
    for file in ("samconfig.toml", "template.yaml"):
        shutil.copy(ROOT / file, project)
    (project / ".aws-sam").mkdir()
    (project / ".aws-sam" / "build").symlink_to(ROOT / ".aws-sam" / "host")
    own_tmp = f"TMPDIR={tmp_path_factory.mktemp('sam')}"  # SAM leaves a folder in it for each artifact
    terminal = Terminal(["/usr/bin/env", own_tmp, str(SAM), "deploy", "--guided", *WITH_DASHBOARD], aws, project)
    while terminal.await_question(r"\]: ?$"):
        terminal.enter()
    assert terminal.exit_code() == 0, terminal.shown
    return terminal


def outputs(aws: Aws) -> dict[str, str]:
    [stack] = aws.cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def test_pressing_enter_at_every_question_deploys(aws: Aws, deployed: Terminal) -> None:
    [stack] = aws.cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert "Parameter Stage" in deployed.shown


def test_no_route_is_asked_about(deployed: Terminal) -> None:
    assert "authentication" not in deployed.shown.lower()


@pytest.mark.usefixtures("deployed")
def test_the_dashboard_is_json_with_cloudwatchs_own_names_in_it(aws: Aws) -> None:
    client = aws.session.client("cloudwatch", endpoint_url=aws.endpoint)
    (dashboard,) = client.list_dashboards()["DashboardEntries"]
    body = client.get_dashboard(DashboardName=dashboard["DashboardName"])["DashboardBody"]
    assert '"label":"${PROP(\'Dim.outcome\')}"' in body
    assert json.loads(body)["widgets"]
    assert set(re.findall(r"\$\{\w+", body)) == {"${PROP"}
    assert outputs(aws)["DashboardUrl"].endswith(f"#dashboards/dashboard/{dashboard['DashboardName']}")


@pytest.mark.usefixtures("deployed")
def test_setup_fills_the_deployed_secrets(aws: Aws, tmp_path: Path) -> None:
    firebase = service_account_file(tmp_path / "firebase.json")
    terminal = Terminal([sys.executable, "-m", "cli", "--stack", STACK, "setup"], aws, ROOT)
    answers = ("demo1m", "key-that-is-hidden", "token-that-is-hidden", "1", "", "08040408080", "", str(firebase), "y")
    for answer in answers:
        assert terminal.await_question(r": ?$"), terminal.shown
        terminal.enter(answer)
    while terminal.await_question(r": ?$"):
        pytest.fail(f"an unexpected question: {terminal.shown}")
    assert terminal.exit_code() == 0, terminal.shown

    assert "hidden" not in terminal.shown
    webhook = json.loads(aws.secrets.get_secret_value(SecretId=outputs(aws)["WebhookSecretArn"])["SecretString"])
    assert f"{webhook['demo1m']['user']}:{webhook['demo1m']['password']}@" in terminal.shown
    accounts = json.loads(aws.secrets.get_secret_value(SecretId=outputs(aws)["AccountsSecretArn"])["SecretString"])
    assert accounts["accounts"]["demo1m"]["api_token"] == "token-that-is-hidden"


@pytest.mark.usefixtures("deployed")
def test_env_prints_what_a_function_in_a_container_needs(aws: Aws) -> None:
    command = [sys.executable, "-m", "cli", "--stack", STACK, "env"]
    done = subprocess.run(command, env=aws.environment(), cwd=ROOT, capture_output=True, text=True, check=True)
    printed = json.loads(done.stdout)
    shipped = json.loads((ROOT / "events" / "env.json").read_text())
    assert {name: set(one) for name, one in printed.items()} == {name: set(one) for name, one in shipped.items()}
    assert printed["Parameters"]["AWS_ENDPOINT_URL"] == aws.endpoint.replace("127.0.0.1", "host.docker.internal")
