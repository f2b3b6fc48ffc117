"""Changed: empty, in place of what writes botocore's documentation, so that no function imports it."""
