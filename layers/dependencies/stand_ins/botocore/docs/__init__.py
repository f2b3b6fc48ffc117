"""Changed: empty. botocore's code that generates documentation is left out, so that no function imports it."""
