"""Dial Whom as Flask + apig-wsgi."""

from apig_wsgi import make_lambda_handler
from calls import admitted, callee
from flask import Flask, Response, abort, request

app = Flask(__name__)


@app.get("/v1/accounts/<account>/dialtonumber")
def dial_whom(account: str) -> Response:
    """Answer whom to bridge the caller to."""
    sent = request.authorization
    if sent is None or not admitted(account, sent.username or "", sent.password or ""):
        abort(401)
    name = callee(account, request.args["CallFrom"].removeprefix("sip:"), request.args["CallSid"])
    if name is None:
        abort(404)
    return Response(f"sip:{name}", mimetype="text/plain")


handler = make_lambda_handler(app)
