"""The workbench's use of the operator's command line."""

import asyncio

import pytest

from local.gateway.servers import listen, port_of
from local.workbench.operator import CommandError, Operator


def test_the_commands_own_words_say_why_it_failed() -> None:
    with listen() as unused:
        port = port_of(unused)

    async def work() -> None:
        operator = Operator("127.0.0.1", port)
        try:
            with pytest.raises(CommandError, match="no local stack answers"):
                await operator.run("calls")
        finally:
            await operator.close()

    asyncio.run(work())


@pytest.mark.parametrize("call", ["", " ", "a\nb", "a\x00", "\r"])
def test_an_id_cannot_ask_for_two_calls(call: str) -> None:
    with pytest.raises(CommandError, match="printable"):
        asyncio.run(Operator("127.0.0.1", 1).why(call))


def test_whoever_waits_for_a_command_is_let_go_at_the_end() -> None:
    async def work() -> None:
        operator = Operator("127.0.0.1", 1)
        asked = [asyncio.create_task(operator.run("calls")) for _ in range(3)]
        asked += [asyncio.create_task(operator.why("call1")) for _ in range(3)]
        await asyncio.sleep(0.2)
        await operator.close()
        ended = await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), 5)
        assert [type(one) for one in ended] == [CommandError] * 6

    asyncio.run(work())
