"""The calculator against sums done by hand."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from benchmarks.changed import changed
from benchmarks.cost import stack
from benchmarks.cost.bill import FREE, PARTS, REGIONS, SOURCES, by_part, per_million, prices
from benchmarks.cost.call import OTHERS, WAITS, Call
from benchmarks.cost.hot_start import break_even, cached_month, provisioned_month
from benchmarks.cost.usage import AT_ONCE, Month, measured
from benchmarks.quotas.demand import BATCH_SECONDS
from switchboard.pushes.deliver_push import WEEK_MS
from tests.sam_template import ROOT, resources

MILLION = 1_000_000
ALARMS = resources("AWS::CloudWatch::Alarm")
HOT_START = {
    "provisioned_gb_second",
    "provisioned_busy_gb_second",
    "snapstart_cached_gb_second",
    "snapstart_restored_gb",
}
PLAIN = Call(events=0, apps=0, read_context=0, feedback=0, history=0, logins=0, log_uploads=0, devices=1, come_back=0)


def idle_work(**changed: dict[str, Any]) -> dict[str, Any]:
    """Measured work in which nothing is done, but for what `changed` says of a step's function and figures."""
    nothing = {"cpu_ms": 0, "calls": {}, "units": {}, "log_bytes": 0, "log_lines": 0, "kept_bytes": 0}
    steps = {
        name: {"function": one["function"], "body_bytes": 0} | nothing | changed.get(name.replace(" ", "_"), {})
        for name, one in measured()["steps"].items()
    }
    return {**measured(), "steps": steps}


def added_by_a_million(call: Call, work: Mapping[str, Any], traffic: float = 0) -> dict[str, float]:
    """Return what a million calls cost, with batches of one call each unless there is traffic."""
    ten, eleven = (by_part(Month(n * MILLION, call, work, traffic).usage(), prices("us-east-1")) for n in (10, 11))
    return {part: round(eleven[part] - ten[part], 6) for part in PARTS}


def test_a_plain_call_costs_what_it_costs_by_hand() -> None:
    # four requests: context, Dial Whom, push, acknowledgement; the delivery, Dial Whom's answer, a batch of Calls
    added = added_by_a_million(
        PLAIN, idle_work(dial_whom={"units": {"CallsTable": [2, 0], "SubscribersTable": [0, 0.5]}})
    )
    assert added["API Gateway requests"] == 4.00
    assert added["Lambda requests"] == pytest.approx(7 * 0.20)
    assert added["SQS requests"] == pytest.approx(2 * 0.40)  # the push is received and deleted
    assert added["DynamoDB writes"] == 2 * 0.625
    assert added["DynamoDB reads"] == 0.5 * 0.125
    assert added["FCM"] == 0


def test_billed_time_is_cpu_at_the_memorys_share_and_waits() -> None:
    work = idle_work(dial_whom={"cpu_ms": 3.0, "calls": {"dynamodb:GetItem": 1, "dynamodb:UpdateItem": 2}})
    assert stack.functions()["DialWhomFunction"].memory == 1024
    # (3.0 + 3 x 0.1) x 1769 / 1024 = 5.7; 3 + 2 x 5 = 13 of waits; 1.5 of the runtime: 20.2
    assert Month(1, Call(), work).billed_ms("dial whom") == 21


def test_memory_is_the_templates() -> None:
    for name, function in resources("AWS::Serverless::Function").items():
        assert stack.functions()[name].memory == function.get("MemorySize", 512)


def test_ten_times_the_memory_costs_ten_times_the_gigabyte_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    before = added_by_a_million(PLAIN, idle_work())["Lambda GB-seconds"]
    larger = {name: stack.Function(10 * one.memory, one.tables, one.secrets) for name, one in stack.functions().items()}
    monkeypatch.setattr(stack, "functions", lambda: larger)
    assert added_by_a_million(PLAIN, idle_work())["Lambda GB-seconds"] == pytest.approx(10 * before, rel=1e-4)


@pytest.mark.parametrize("field", ["devices", "events", "apps", "feedback", "logins", "log_uploads", "fcm_bytes"])
def test_more_of_anything_never_costs_less(field: str) -> None:
    more = Call(**{field: getattr(Call(), field) * 1.3})
    assert sum(per_million(prices("us-east-1"), more).values()) > sum(per_million(prices("us-east-1")).values())


def test_few_calls_meet_cold_functions_and_many_do_not() -> None:
    shares = [Month(calls).cold("DialWhomFunction") for calls in (1_000, 100_000, MILLION)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.8
    assert shares[2] < 0.01


def test_a_month_without_calls_costs_what_stands_there_by_hand() -> None:
    idle = by_part(Month(0).usage(), prices("us-east-1"))
    assert idle["CloudWatch metrics, alarms, dashboard"] == pytest.approx(6 * 0.10)
    assert idle["Secrets Manager, KMS"] == pytest.approx(4 * 0.40)
    assert idle["SQS requests"] == pytest.approx(3 * 5 * 3 * 60 * 24 * 30.4 * 0.40e-6)  # 3 queues, 5 pollers, each 20 s
    assert sum(idle.values()) == pytest.approx(idle["SQS requests"] + 0.60 + 1.60)
    assert sum(idle.values()) <= 3.00

    full = by_part(Month(0, Call(full_monitoring=1)).usage(), prices("us-east-1"))
    assert full["CloudWatch metrics, alarms, dashboard"] == pytest.approx(3.00 + 0.10 * len(ALARMS))
    assert sum(full.values()) - sum(idle.values()) == pytest.approx(3.00 + 0.10 * (len(ALARMS) - 6))


def test_a_metric_costs_its_share_of_the_hours_that_have_a_value() -> None:
    work = {**measured(), "metrics": ["one", "two"]}
    paid = [Month(calls, Call(other_metrics=0), work).usage()["metric_month"] for calls in (0, 729.6, MILLION)]
    assert paid == pytest.approx([0, 2 * 0.632, 2], abs=0.001)  # with a call an hour, 63 % of the hours have one


def test_what_a_call_leaves_is_paid_for_as_often_as_it_happens() -> None:
    # five events of 400 bytes, two reports of 1,000, and what the histories get of them, once although read again
    work = idle_work(
        call_event={"kept_bytes": 400},
        call_event_of_the_answer={"kept_bytes": 400},
        call_event_of_the_end={"kept_bytes": 400},
        SDK_events={"kept_bytes": 1000},
        follow_SDK_events={"kept_bytes": 500},
    )
    work["subscriber_bytes"] = [0, 0]
    used = Month(MILLION, replace(PLAIN, events=5, apps=2), work).usage()
    assert used["dynamodb_gb_month"] == used["dynamodb_pitr_gb_month"] == pytest.approx(4.5 * 30 / 30.4)


def test_a_user_is_kept_once_however_many_calls_he_has_and_an_index_without_recovery() -> None:
    work = {**idle_work(), "subscriber_bytes": [900, 100]}
    # two million parties of calls, with thirty calls each
    used = Month(MILLION, PLAIN, work).usage()
    assert used["dynamodb_gb_month"] == pytest.approx(2 / 30)
    assert used["dynamodb_pitr_gb_month"] == pytest.approx(1.8 / 30)


def test_a_message_that_comes_back_is_put_off_received_and_worked_on_once_more() -> None:
    work = idle_work(deliver_to_1={"units": {"DeliveriesTable": [4, 1]}})
    once, again = (added_by_a_million(replace(PLAIN, come_back=share), work) for share in (0, 0.1))
    more = {part: round(again[part] - once[part], 6) for part in PARTS}
    assert more["SQS requests"] == pytest.approx(0.1 * 2 * 0.40)  # ChangeMessageVisibility and ReceiveMessage
    assert more["Lambda requests"] == pytest.approx(0.1 * 0.20)
    assert more["DynamoDB writes"] == pytest.approx(0.1 * 4 * 0.625)
    assert more["DynamoDB reads"] == pytest.approx(0.1 * 1 * 0.125)


def test_a_window_of_five_seconds_gathers_the_entries_of_several_calls() -> None:
    # a million calls a month are 0.3807 a second; of each tell three batches of the platform's, 1.21 of the apps'
    busy, quiet, rush = Month(MILLION), Month(1_000), Month(2_000 * MILLION)
    for name, a_call in (("OfPlatform", 3), ("OfApps", 1.21)):
        assert stack.source("RecordCallFunction", name)["MaximumBatchingWindowInSeconds"] == 5
        assert busy.gathered(name) == pytest.approx(1 + 5 * 0.38072 * a_call / 4, rel=1e-4)
        assert quiet.gathered(name) == pytest.approx(1, abs=0.002)
        assert rush.gathered(name) == stack.source("RecordCallFunction", name)["BatchSize"] == 1_000
    assert busy.gathered("Stream") == busy.gathered("queue") == busy.gathered("api") == 1
    invoked = [month.events()["RecordCallFunction"] / month.calls for month in (quiet, busy)]
    # Dial Whom's answer by itself; 3 / 2.428 of the platform's and 1.21 / 1.576 of the apps', with what is torn
    assert invoked == pytest.approx([1 + 3 + 1.21, 1 + (3 + 2 * 0.1294) / 2.428 + (1.21 + 0.0804) / 1.576], rel=2e-3)


def test_calls_of_one_batch_share_the_invocation_its_lines_and_its_waits_but_no_work() -> None:
    one = {"cpu_ms": 10.0, "calls": {"dynamodb:Query": 10}, "units": {"CallsTable": [2, 8]}, "log_bytes": 300}
    call, work = replace(PLAIN, spread=0), idle_work(follow_ringing=one)
    assert (
        Month(1, call, work).billed_ms("follow ringing") == 118
    )  # 11 ms x 1,769 / 256, 40 of waits, 1.5 of the runtime
    assert Month(1, call, work).billed_ms("follow ringing", 8) == 650  # the waits overlap
    assert Month(1, call, work).billed_ms("follow ringing", 16) == 1298
    alone, shared = (added_by_a_million(call, work, traffic) for traffic in (0, MILLION))
    gathered = Month(MILLION, call, work).gathered("OfPlatform")
    assert alone["DynamoDB writes"] == shared["DynamoDB writes"]
    assert alone["DynamoDB reads"] == shared["DynamoDB reads"] == pytest.approx(8 * 0.125)
    batch = idle_work(follow_ringing={**one, "units": {"CallsTable": [2, 8], "ErasuresTable": [0, 1]}})
    assert added_by_a_million(call, batch, MILLION)["DynamoDB reads"] == pytest.approx((8 + 1 / gathered) * 0.125)
    assert shared["Lambda GB-seconds"] < alone["Lambda GB-seconds"]
    of_apps = Month(MILLION, call, work).gathered("OfApps")
    saved = (1 - 1 / gathered) + (1 - 1 / of_apps)
    assert alone["Lambda requests"] - shared["Lambda requests"] == pytest.approx(0.20 * saved, abs=1e-5)


def test_a_window_that_another_call_opened_may_tear_a_calls_entries_in_two() -> None:
    work = idle_work(follow_ringing={"units": {"CallsTable": [2, 0]}})
    alone, shared = (added_by_a_million(PLAIN, work, traffic)["DynamoDB writes"] for traffic in (0, MILLION))
    open_already = 1 - 1 / Month(MILLION, PLAIN, work).gathered("OfPlatform")
    assert shared - alone == pytest.approx(1 * 0.625 * 1.1 / 5 * open_already)  # the summary, not the rows


def test_as_many_calls_are_worked_on_side_by_side_as_record_call_does() -> None:
    source = (ROOT / "functions" / "record_call" / "app.py").read_text()
    assert f'ThreadPoolExecutor({AT_ONCE}, "call")' in source
    assert f"BATCH_SECONDS = {BATCH_SECONDS:.1f}" in source


def test_a_page_of_a_history_reads_the_summary_of_each_of_its_calls() -> None:
    work = idle_work(call_history={"units": {"CallsTable": [0, 1]}})
    # a query of half a unit, and twenty summaries of half a unit, of which one was played
    assert added_by_a_million(replace(PLAIN, history=1), work)["DynamoDB reads"] == pytest.approx(10.5 * 0.125)


def test_a_devices_push_is_noted_at_most_once_a_week() -> None:
    assert WEEK_MS == 7 * 86_400_000
    # with 30.4 calls a month to a user, after a noted push seven days pass, and one until the next: an eighth are noted
    call = replace(PLAIN, calls_of_a_user=60.8)
    assert call.noted == pytest.approx(1 / 8)
    work = idle_work(deliver_to_1={"units": {"SubscribersTable": [1, 0], "CallsTable": [2, 0]}})
    assert added_by_a_million(call, work)["DynamoDB writes"] == pytest.approx(2.125 * 0.625)


def test_every_request_to_sqs_is_paid_for() -> None:
    calls = {"sqs:SendMessage": 3}
    one, two = (added_by_a_million(PLAIN, idle_work(deliver_to_1={"calls": each})) for each in ({}, calls))
    assert two["SQS requests"] - one["SQS requests"] == pytest.approx(3 * 0.40)


def test_what_is_free_is_taken_off_each_priced_thing_and_never_below_nothing() -> None:
    usage, price = Month(1_000).usage(), prices("us-east-1")
    whole, less = by_part(usage, price), by_part(usage, price, FREE)
    assert less["Lambda requests"] == less["Data transfer out"] == 0
    assert whole["SQS requests"] - less["SQS requests"] == pytest.approx(0.40)
    assert less["API Gateway requests"] == whole["API Gateway requests"]  # free for the first year only
    assert set(FREE) <= set(price)


def test_assumptions_are_given_by_name() -> None:
    assert changed(Call(), ["devices=2", "shards=5"]) == Call(devices=2, shards=5)
    for wrong in ("phones=2", "devices=two", "devices"):
        with pytest.raises(ValueError, match=r"no such name|could not convert"):
            changed(Call(), [wrong])


def test_requests_above_three_hundred_million_are_cheaper() -> None:
    used = Month(100 * MILLION).usage()
    assert used["http_api_request"] == 300 * MILLION
    assert used["http_api_request_above_300m"] > 900 * MILLION


def test_provisioned_concurrency_and_snapshots_by_hand() -> None:
    price = prices("us-east-1")
    assert provisioned_month("DialWhomFunction", price) == pytest.approx(30.4 * 86_400 * 0.0000033334)
    assert cached_month("DialWhomFunction", price) == pytest.approx(30.4 * 86_400 * 0.0000015046)
    assert break_even(price) == pytest.approx(0.6, abs=0.001)


def test_everything_used_has_a_price_with_a_source_in_one_part() -> None:
    priced = [item for items in PARTS.values() for item in items]
    assert set(Month(MILLION).usage()) <= set(priced)
    assert len(priced) == len(set(priced))
    for region in REGIONS:
        assert set(prices(region)) - set(priced) == HOT_START
        assert {price.source for price in prices(region).values()} <= set(SOURCES)
    assert all(one["dated"] for one in SOURCES.values())


def test_every_step_was_measured_and_every_call_has_its_wait() -> None:
    steps = measured()["steps"]
    assert {name for name, _, _ in Call().steps()} == set(steps)
    assert {name for one in steps.values() for name in one["calls"]} <= set(WAITS)
    assert set(OTHERS) <= set(steps)


def test_the_streams_tell_record_call_only_of_what_concerns_it() -> None:
    assert [name for name, _, trigger in Call().steps() if trigger == "Stream"] == ["record dial whom"]
    for name in ("Stream", "OfPlatform", "OfApps"):
        assert "FilterCriteria" in stack.source("RecordCallFunction", name)


def test_every_function_has_its_part_in_a_call_but_those_that_no_phone_asks() -> None:
    played = {one["function"] for one in measured()["steps"].values()}
    assert set(stack.functions()) - played == {
        "ManageSubscribersFunction",
        "EraseSubscribersFunction",
        "RefuseUnknownFunction",
    }


def test_the_access_log_is_of_the_cheaper_class_and_lambda_writes_no_lines_of_its_own() -> None:
    before = added_by_a_million(PLAIN, idle_work())["CloudWatch logs"]
    line, requests = stack.access_log_bytes() + 26, 4
    assert before == pytest.approx(requests * line / 1000 * (0.25 + 0.15 * 0.03 * 30 / 30.4), rel=1e-4)
    assert not stack.writes_of_each_event()


def test_a_line_of_ours_is_paid_for_with_what_cloudwatch_counts_beside_it() -> None:
    plain, line = (idle_work(accept_push=each) for each in ({}, {"log_bytes": 300, "log_lines": 2}))
    more = added_by_a_million(PLAIN, line)["CloudWatch logs"] - added_by_a_million(PLAIN, plain)["CloudWatch logs"]
    assert more == pytest.approx((300 + 2 * 26) / 1000 * (0.50 + 0.15 * 0.03 * 30 / 30.4), rel=1e-4)
