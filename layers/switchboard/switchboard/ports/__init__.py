"""What the use cases need from outside, in the product's words. Adapters and the tests' fakes implement these.

Every method may raise `UnavailableError` when the thing behind it does not answer.
"""
