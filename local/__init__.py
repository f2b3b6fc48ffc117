"""Switchboard on one machine: emulator, deploy, gateway, simulators. It knows the product only from outside."""
