"""A log bucket that signs nothing."""


class FakeLogBucket:
    """Implements ports.logs.LogBucket."""

    def upload_url(self, key: str, seconds: int) -> str:
        return f"https://bucket.example/{key}?expires={seconds}"
