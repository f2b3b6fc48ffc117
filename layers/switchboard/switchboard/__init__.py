"""Switchboard: the serverless application backend for the Exotel Voice SDKs."""
