"""Removes credentials from what apps log, before it is stored."""

import re

HIDDEN = "[redacted]"
_KEY = r"\w{0,20}(?:password|secret|token|api_?key)"
_SECRETS = tuple(  # `keep` matches the text before the secret, which is not replaced
    re.compile(f"(?P<keep>{keep}){secret}", re.IGNORECASE)
    for keep, secret in (
        ("", r"(?<![\w-])eyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?"),  # a JWT: tokens, sessions, call data
        (r"\b(?:Bearer|Basic)\s{1,3}", r"[^\s\"',;]+"),
        (rf"\b{_KEY}\\?[\"']?\s{{0,3}}[:=]\s{{0,3}}\\?[\"']", r"[^\"'\\]+"),  # "access_token": "x"
        (rf"\b{_KEY}\s{{0,3}}[:=]\s{{0,3}}", r"[^\s\"'\\,;&{}\[\]]+"),  # password=x
        ("://", r"[^\s/@:]{1,256}:[^\s/@]{1,256}(?=@)"),  # https://user:password@host
        ("X-Amz-(?:Signature|Credential|Security-Token)=", r"[^\s&\"']+"),  # of a presigned URL
        ("", r"(?<![\w-])[\w-]{8,200}:APA91[\w-]+"),  # an FCM token
    )
)


def redacted(text: str) -> str:
    """Return the text with HIDDEN in place of tokens, passwords and signatures."""
    for secret in _SECRETS:
        text = secret.sub(rf"\g<keep>{HIDDEN}", text)
    return text
