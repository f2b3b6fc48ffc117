"""The environment of a measured handler:

AWS behind TLS, FCM, and the events with the users and calls that they need.
"""
