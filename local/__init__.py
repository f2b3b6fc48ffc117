"""Switchboard on one machine: emulator, deployment, gateway, simulators.

It uses the product only through its HTTP API.
"""
