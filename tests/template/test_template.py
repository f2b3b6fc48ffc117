"""Rules of template.yaml: bounds, log groups, least privilege, queues that lose nothing."""

import json
import re
from typing import Any

import pytest

from switchboard.exotel import routing
from tests.sam_template import ROOT, api_routes, load, resources, route_key

TEMPLATE = load()
FUNCTIONS = resources("AWS::Serverless::Function")
STATEMENTS = [
    (name, statement)
    for name, function in FUNCTIONS.items()
    for policy in function["Policies"]
    for statement in policy["Statement"]
]

# Contract 7: parameter -> (default, least, most) or (default, allowed values)
PARAMETERS: dict[str, tuple[object, ...]] = {
    "Stage": ("dev",),
    "Production": ("no", ["no", "yes"]),
    "Architecture": ("arm64", ["arm64", "x86_64"]),
    "HotStart": ("none", ["none", "snapstart", "provisioned"]),
    "ProvisionedConcurrency": (1,),
    "StockApps": ("deny", ["deny", "allow"]),
    "OidcIssuer": ("",),
    "OidcAudience": ("",),
    "OidcSubscriberClaim": ("sub",),
    "SessionHours": (24, 1, 720),
    "DialWhomFormat": ("auto", ["auto", "text", "json"]),
    "CustomFieldRouting": ("off", ["off", "on"]),
    "RingSeconds": (30, 5, 60),
    "ConversationSeconds": (3600, 60, 4500),
    "Record": ("false", ["false", "true"]),
    "RecordingChannels": ("single", ["single", "dual"]),
    "MissedCallPush": ("off", ["off", "on"]),
    "ContextSeconds": (3600, 60, 86400),
    "LateContextMs": (1500, 0, 3000),
    "Contacts": ("groups", ["groups", "everyone"]),
    "ExotelAddresses": ("",),
    "LogUploadMaxMegabytes": (50, 1, 400),
    "RecordConcurrency": (2, 2, 1000),
    "Monitoring": ("essential", ["essential", "full"]),
    "ReportThrottleRate": (100,),
    "ReportThrottleBurst": (200,),
    "AlarmEmail": ("",),
    "DomainName": ("",),
    "CertificateArn": ("",),
}


def plain(statement: dict[str, Any]) -> dict[str, Any]:
    """Return a statement, of a conditional one the branch that grants something."""
    branches = statement.get("Fn::If")
    return branches[1] if branches else statement


def actions(statement: dict[str, Any]) -> list[str]:
    action = plain(statement)["Action"]
    return [action] if isinstance(action, str) else list(action)


@pytest.mark.parametrize(("name", "wanted"), PARAMETERS.items(), ids=list(PARAMETERS))
def test_every_parameter_has_the_contracts_default_and_bounds(name: str, wanted: tuple[object, ...]) -> None:
    parameter = TEMPLATE["Parameters"][name]
    assert parameter["Default"] == wanted[0]
    if len(wanted) == 2:
        assert parameter["AllowedValues"] == wanted[1]
    if len(wanted) == 3:
        assert (parameter["MinValue"], parameter["MaxValue"]) == wanted[1:]


def test_every_parameter_can_be_left_alone() -> None:
    assert [name for name, parameter in TEMPLATE["Parameters"].items() if "Default" not in parameter] == []


def test_every_parameter_is_used() -> None:
    text = json.dumps({key: TEMPLATE[key] for key in ("Globals", "Resources", "Conditions", "Rules")})
    unused = [n for n in TEMPLATE["Parameters"] if f'{{"Ref": "{n}"}}' not in text and f"${{{n}}}" not in text]
    assert unused == []


def test_the_bounds_of_the_parameters_are_those_that_exotel_takes() -> None:
    ring, talk = TEMPLATE["Parameters"]["RingSeconds"], TEMPLATE["Parameters"]["ConversationSeconds"]
    assert (ring["MinValue"], ring["MaxValue"]) == (routing.SHORTEST_RINGING, routing.LONGEST_RINGING)
    assert (talk["MinValue"], talk["MaxValue"]) == (routing.SHORTEST_CONVERSATION, routing.LONGEST_CONVERSATION)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_functions_log_group_is_made_before_it_and_has_retention(name: str) -> None:
    group = f"{name.removesuffix('Function')}LogGroup"
    assert FUNCTIONS[name]["LoggingConfig"] == {"LogGroup": {"Ref": group}}  # the rest is for all: Globals
    # without a name: one that is left over from a stack of this name cannot be in the way
    assert resources("AWS::Logs::LogGroup")[group] == {"RetentionInDays": {"Ref": "LogRetentionDays"}}


def test_no_log_group_waits_for_a_function() -> None:
    groups = json.dumps(resources("AWS::Logs::LogGroup"))
    assert [name for name in FUNCTIONS if name in groups] == []


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_functions_folder_and_service_bear_its_name(name: str) -> None:
    folder = re.sub(r"(?<!^)(?=[A-Z])", "_", name.removesuffix("Function")).lower()
    assert (ROOT / "functions" / folder / "app.py").is_file()
    assert FUNCTIONS[name]["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"] == folder


def test_every_folder_of_a_function_is_deployed() -> None:
    assert len(list((ROOT / "functions").glob("*/app.py"))) == len(FUNCTIONS)


def test_each_function_reads_only_its_own_secrets() -> None:
    readers: dict[str, set[str]] = {}
    for name, statement in STATEMENTS:
        if "secretsmanager:GetSecretValue" in actions(statement):
            readers.setdefault(statement["Resource"]["Fn::GetAtt"][0], set()).add(name)
    assert readers == {
        "WebhookSecret": {"DialWhomFunction", "AcceptPushFunction", "AcceptCallEventFunction"},
        "PushSecret": {"DeliverPushFunction"},
        "SessionSecret": {
            "VendTokenFunction",
            "CallContextFunction",
            "ManageDevicesFunction",
            "ListCallsFunction",
            "IngestReportsFunction",
            "ManageSubscribersFunction",
        },
        "AccountsSecret": {"VendTokenFunction", "ManageSubscribersFunction"},
    }


def test_a_function_gets_no_arn_of_a_secret_that_it_may_not_read() -> None:
    for name, function in FUNCTIONS.items():
        told = {v["Fn::GetAtt"][0] for k, v in function["Environment"]["Variables"].items() if k.endswith("_SECRET")}
        may = {
            statement["Resource"]["Fn::GetAtt"][0]
            for owner, statement in STATEMENTS
            if owner == name and "secretsmanager:GetSecretValue" in actions(statement)
        }
        assert told == may, name


def test_the_template_writes_only_the_session_secret() -> None:
    written = {
        n
        for n, s in resources("AWS::SecretsManager::Secret").items()
        if set(s) & {"SecretString", "GenerateSecretString"}
    }
    assert written == {"SessionSecret"}


def test_nothing_in_the_template_looks_like_a_secret() -> None:
    assert not re.search(
        r"(password|token|api_?key)\s*[:=]\s*['\"]?[A-Za-z0-9/+]{12,}", json.dumps(TEMPLATE), re.IGNORECASE
    )


@pytest.mark.parametrize(
    ("name", "patience"),
    [
        ("DialWhomFunction", 6),
        ("AcceptPushFunction", 5),
        ("AcceptCallEventFunction", 15),
        ("VendTokenFunction", 12),
        ("ManageSubscribersFunction", 12),
    ],
)
def test_a_functions_timeout_is_shorter_than_its_callers(name: str, patience: int) -> None:
    assert FUNCTIONS[name]["Timeout"] <= patience < 30  # API Gateway gives up at 30


def test_what_a_crash_leaves_in_the_queue_is_tried_again_while_the_call_rings() -> None:
    queue = resources("AWS::SQS::Queue")["PushQueue"]
    assert FUNCTIONS["DeliverPushFunction"]["Timeout"] <= queue["VisibilityTimeout"] < 30


def test_the_redrive_policy_outlasts_the_ring_time_so_that_only_crashes_reach_it() -> None:
    queue = resources("AWS::SQS::Queue")["PushQueue"]
    retries_apart = 1  # second, the least that deliver_push asks for
    assert queue["RedrivePolicy"]["maxReceiveCount"] * retries_apart > routing.LONGEST_RINGING
    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": ["PushDeadLetterQueue", "Arn"]}
    assert queue["MessageRetentionPeriod"] >= queue["RedrivePolicy"]["maxReceiveCount"] * queue["VisibilityTimeout"]


def test_the_delivery_reports_the_messages_of_a_batch_that_failed() -> None:
    source = FUNCTIONS["DeliverPushFunction"]["Events"]["Queue"]["Properties"]
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert "MaximumBatchingWindowInSeconds" not in source


@pytest.mark.parametrize("name", resources("AWS::DynamoDB::Table"))
def test_tables_are_kept_safe(name: str) -> None:
    table = TEMPLATE["Resources"][name]
    assert table["Properties"]["BillingMode"] == "PAY_PER_REQUEST"
    assert table["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["Properties"]["SSESpecification"] == {"SSEEnabled": True}
    assert table["Properties"]["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}


def test_the_log_bucket_is_private_and_deletes_old_logs() -> None:
    bucket = resources("AWS::S3::Bucket")["LogBucket"]
    assert all(bucket["PublicAccessBlockConfiguration"].values())
    assert bucket["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"] == {"Ref": "LogUploadDays"}


def test_uploads_wait_in_a_queue_that_only_s3_for_this_account_writes_to() -> None:
    told = resources("AWS::S3::Bucket")["LogBucket"]["NotificationConfiguration"]["QueueConfigurations"]
    assert [one["Queue"] for one in told] == [{"Fn::GetAtt": ["LogUploadQueue", "Arn"]}]
    assert told[0]["Filter"]["S3Key"]["Rules"] == [{"Name": "prefix", "Value": "uploads/"}]
    assert TEMPLATE["Resources"]["LogBucket"]["DependsOn"] == "LogUploadQueuePolicy"
    allowed, _ = resources("AWS::SQS::QueuePolicy")["LogUploadQueuePolicy"]["PolicyDocument"]["Statement"]
    assert allowed["Principal"] == {"Service": "s3.amazonaws.com"}
    assert allowed["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_unpack_logs_never_writes_where_a_notification_would_invoke_it_again() -> None:
    written = [
        statement["Resource"]["Fn::Sub"]
        for name, statement in STATEMENTS
        if name == "UnpackLogsFunction" and "s3:PutObject" in actions(statement)
    ]
    assert sorted(written) == [f"${{LogBucket.Arn}}/{folder}/*" for folder in ("logs", "rejected", "taken")]


def test_an_upload_is_tried_for_as_long_as_it_may_take_and_then_kept_for_an_operator() -> None:
    queue = resources("AWS::SQS::Queue")["LogUploadQueue"]
    assert FUNCTIONS["UnpackLogsFunction"]["Timeout"] <= queue["VisibilityTimeout"]
    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": ["LogUploadDeadLetterQueue", "Arn"]}
    assert (
        FUNCTIONS["UnpackLogsFunction"]["Events"]["Queue"]["Properties"]["BatchSize"] == 1
    )  # one failure, one message


def test_only_pushes_may_take_as_many_of_the_accounts_executions_as_there_are() -> None:
    queues = {
        name: function["Events"]["Queue"]["Properties"]
        for name, function in FUNCTIONS.items()
        if "Queue" in function["Events"]
    }
    assert {name: queue.get("ScalingConfig", {}).get("MaximumConcurrency") for name, queue in queues.items()} == {
        "DeliverPushFunction": None,
        "RecordCallFunction": {"Ref": "RecordConcurrency"},
        "UnpackLogsFunction": 2,
    }


def test_a_zip_fits_into_the_functions_disk() -> None:
    assert TEMPLATE["Parameters"]["LogUploadMaxMegabytes"]["MaxValue"] < 512  # MB of /tmp


def test_dead_letters_raise_an_alarm() -> None:
    alarm = resources("AWS::CloudWatch::Alarm")["UndeliverablePushesAlarm"]
    assert alarm["Dimensions"][0]["Value"] == {"Fn::GetAtt": ["PushDeadLetterQueue", "QueueName"]}
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")


@pytest.mark.parametrize(("name", "alarm"), resources("AWS::CloudWatch::Alarm").items())
def test_every_alarm_reaches_the_topic(name: str, alarm: dict[str, Any]) -> None:
    assert alarm["AlarmActions"] == [{"Ref": "AlarmTopic"}]


def test_the_access_log_holds_no_path_because_one_path_holds_a_secret() -> None:
    written = resources("AWS::Serverless::HttpApi")["HttpApi"]["AccessLogSettings"]["Format"]
    assert "routeKey" in written
    assert not re.search(r"context\.(path|http\.path|requestOverride)|\$request", written)


def test_lambda_writes_no_line_about_an_event_that_went_well_and_drops_no_metric() -> None:
    logging = TEMPLATE["Globals"]["Function"]["LoggingConfig"]
    assert (logging["LogFormat"], logging["SystemLogLevel"]) == ("JSON", "WARN")
    # A metric is a line without a level, which Lambda takes for INFO: a higher level would drop it.
    assert logging["ApplicationLogLevel"] == {"Fn::FindInMap": ["LogLevels", {"Ref": "LogLevel"}, "Passed"]}
    passed = {level: one["Passed"] for level, one in TEMPLATE["Mappings"]["LogLevels"].items()}
    assert list(passed) == TEMPLATE["Parameters"]["LogLevel"]["AllowedValues"]
    assert passed == {"DEBUG": "DEBUG", "INFO": "INFO", "WARNING": "INFO", "ERROR": "INFO"}


def test_only_the_access_log_is_of_the_class_that_has_no_metrics() -> None:
    cheap = {name for name, one in resources("AWS::Logs::LogGroup").items() if "LogGroupClass" in one}
    assert cheap == {"AccessLogGroup"}
    assert resources("AWS::Logs::LogGroup")["AccessLogGroup"]["LogGroupClass"] == "INFREQUENT_ACCESS"


def test_the_apps_reports_have_a_throttle_of_their_own_and_nothing_else_has() -> None:
    settings = dict(TEMPLATE["Resources"]["HttpApi"]["Properties"]["RouteSettings"])
    assert settings.pop("$default") == {"ThrottlingRateLimit": 20, "ThrottlingBurstLimit": 40}
    own = {"ThrottlingRateLimit": {"Ref": "ReportThrottleRate"}, "ThrottlingBurstLimit": {"Ref": "ReportThrottleBurst"}}
    reports = {route for route, function in api_routes().items() if function == "IngestReportsFunction"}
    assert settings == dict.fromkeys(reports, own)


def test_the_access_log_bears_the_name_that_log_delivery_wants() -> None:
    name = resources("AWS::Logs::LogGroup")["AccessLogGroup"]["LogGroupName"]["Fn::Sub"]
    assert name.startswith("/aws/vendedlogs/")
    assert "${AWS::StackName}" in name  # two stacks in a region


def routes() -> dict[str, set[str]]:
    return {
        name: {route_key(event) for event in function["Events"].values() if event["Type"] == "HttpApi"}
        for name, function in FUNCTIONS.items()
    }


def test_no_route_is_declared_twice() -> None:
    every = [route for of in routes().values() for route in of]
    assert len(every) == len(set(every))


def test_exotels_routes_exist_a_second_time_under_the_secret_path() -> None:
    every = {route for of in routes().values() for route in of}
    methods = {"dialtonumber": "GET POST HEAD", "pushtoclient": "POST", "callevents": "GET POST HEAD"}
    for method, what in ((method, what) for what, several in methods.items() for method in several.split()):
        for base in ("/v1/accounts/{accountSid}", "/v1/hooks/{secret}/accounts/{accountSid}"):
            assert f"{method} {base}/{what}" in every
