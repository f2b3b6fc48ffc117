"""What is around a handler under measurement: AWS behind TLS, FCM, the events, the users and calls that they need."""
