"""Dial Whom as a Chalice app."""

import base64

from calls import admitted, callee
from chalice import Chalice, NotFoundError, Response, UnauthorizedError

app = Chalice(app_name="dial-whom")


@app.route("/v1/accounts/{account}/dialtonumber", methods=["GET"])
def dial_whom(account: str) -> Response:
    """Answer whom to bridge the caller to."""
    request = app.current_request
    scheme, _, sent = request.headers.get("authorization", "").partition(" ")
    user, _, password = base64.b64decode(sent).decode().partition(":")
    if scheme.lower() != "basic" or not admitted(account, user, password):
        raise UnauthorizedError
    query = request.query_params
    name = callee(account, query["CallFrom"].removeprefix("sip:"), query["CallSid"])
    if name is None:
        raise NotFoundError
    return Response(f"sip:{name}", headers={"Content-Type": "text/plain"})


handler = app
