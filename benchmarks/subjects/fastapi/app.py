"""Dial Whom as FastAPI + Mangum, written as their documentation has it: what `make bench` compares ours with."""

from typing import Annotated

from calls import admitted, callee
from fastapi import Depends, FastAPI, HTTPException, Query
from fastapi.responses import PlainTextResponse
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from mangum import Mangum

app = FastAPI()
basic = HTTPBasic()


@app.get("/v1/accounts/{account}/dialtonumber", response_class=PlainTextResponse)
def dial_whom(
    account: str,
    call_sid: Annotated[str, Query(alias="CallSid", min_length=1, max_length=100)],
    call_from: Annotated[str, Query(alias="CallFrom", min_length=1, max_length=100)],
    credentials: Annotated[HTTPBasicCredentials, Depends(basic)],
) -> str:
    """Answer whom to bridge the caller to."""
    if not admitted(account, credentials.username, credentials.password):
        raise HTTPException(401)
    name = callee(account, call_from.removeprefix("sip:"), call_sid)
    if name is None:
        raise HTTPException(404)
    return f"sip:{name}"


handler = Mangum(app, lifespan="off")
