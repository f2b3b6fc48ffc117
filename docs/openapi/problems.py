"""Every code that a refusal may carry: its status, what it means, what to do."""

PROBLEMS = {
    "malformed_json": (400, "the body is not a JSON object"),
    "encoded_body": (400, "the body has a `Content-Encoding`: send it uncompressed"),
    "malformed_body": (400, "the body cannot be parsed"),
    "no_session": (401, "no session token, or not one of ours: log in"),
    "session_expired": (401, "the session has expired: log in again"),
    "session_ended": (401, "the user logged out, was suspended or got a new password: log in again"),
    "bad_id_token": (401, "the issuer's id token is not valid"),
    "no_issuer": (401, "this deployment accepts no id tokens (`OidcIssuer`)"),
    "wrong_server_key": (401, "not the server key"),
    "account_not_named": (403, "the id token lacks the claim `account_sid`, and the deployment has several accounts"),
    "wrong_credentials": (403, "wrong account, user name or password"),
    "suspended": (403, "the subscriber is suspended"),
    "not_yours": (403, "the session is another subscriber's or another account's"),
    "not_a_party": (403, "only the two parties of a call may rate it"),
    "address_not_allowed": (403, "Exotel's routes take requests from `ExotelAddresses` only"),
    "no_one": (404, "nobody to bridge the caller to"),
    "no_context": (404, "no call context is set, or it expired"),
    "unknown_call": (404, "there is no such call, or it is not stored yet: try again in a few seconds"),
    "unknown_subscriber": (404, "there is no such subscriber"),
    "unknown_device": (404, "the subscriber has no device with that `deviceKey`"),
    "unknown_account": (404, "the account is not configured: run `switchboard setup --account`"),
    "body_too_large": (413, "the body is larger than 64 KB"),
    "push_too_large": (413, "Exotel's part of the push has more than the 4096 bytes that FCM accepts"),
    "invalid_field": (422, "`field` is missing or has a value that is refused"),
    "too_many_ids": (422, "the events name more than 16 different ids: send them in several requests"),
    "invalid_cursor": (422, "`cursor` is not one that this service gave: begin without it"),
    "missing_field": (422, "`field` is missing or empty"),
    "invalid_name": (422, "a subscriber's name must have 1 to 16 letters and digits, as Exotel requires"),
    "unsupported_destination": (422, "a WhatsApp number (`wa:`) cannot be dialled: give a subscriber's name"),
    "deleted_subscriber": (422, "the subscriber with this name was deleted"),
    "invalid_payload": (422, "the push's payload is not a JWT in compact form"),
    "too_many_logins": (429, "too many failed logins: wait for `Retry-After` seconds"),
    "too_many_requests": (429, "the subscriber sends too many of these requests: wait for `Retry-After` seconds"),
    "internal": (500, "a bug in this service: give the request_id to the operator"),
    "exotel_bad_name": (502, "Exotel answered 400: check the subscriber's name"),
    "exotel_credentials": (502, "Exotel answered 401: check the account's API key and token"),
    "exotel_voip_disabled": (502, "Exotel answered 403: VoIP is not enabled on the account"),
    "exotel_unavailable": (502, "Exotel is down: try again after `Retry-After` seconds"),
    "exotel_bad_answer": (502, "Exotel's answer could not be parsed: check the account's api_host"),
    "exotel_unknown_subscriber": (502, "Exotel does not know the subscriber that it has just created"),
    "issuer_unavailable": (502, "the issuer's keys cannot be fetched: check `OidcIssuer`, or try again"),
    "issuer_bad_answer": (502, "the issuer cannot be used: check `OidcIssuer`"),
    "unavailable": (503, "a part of the service does not answer: try again"),
    "too_slow": (503, "a part of the service did not answer in time"),
    "not_queued": (503, "the queue did not take it: send it again"),
    "context_not_ended": (503, "the earlier call context may still reach its callee: send the request again"),
    "busy": (503, "other requests are changing the subscriber: try again"),
    "not_configured": (503, "a secret is empty or malformed: the operator runs `switchboard setup`"),
    "exotel_rate_limited": (503, "Exotel's rate limit is exceeded: wait for `Retry-After` seconds"),
    "exotel_timeout": (504, "Exotel did not answer in time: try again"),
    "issuer_timeout": (504, "the issuer did not answer in time: try again"),
}

ALWAYS = ("internal", "unavailable", "not_configured")
SESSION = ("no_session", "session_expired", "session_ended", "not_yours")
STOCK = ("suspended", "unknown_subscriber")  # only where StockApps lets requests without a session in
HOOK_BODY = ("malformed_json", "malformed_body", "encoded_body", "body_too_large")
BODY = (*HOOK_BODY, "invalid_field")
EXOTEL = (
    "exotel_bad_name",
    "exotel_credentials",
    "exotel_voip_disabled",
    "exotel_unavailable",
    "exotel_bad_answer",
    "exotel_unknown_subscriber",
    "exotel_rate_limited",
    "exotel_timeout",
)
ISSUER = ("no_issuer", "bad_id_token", "account_not_named", "issuer_unavailable", "issuer_bad_answer", "issuer_timeout")
WEBHOOK = ("wrong_credentials", "address_not_allowed", "too_slow")
