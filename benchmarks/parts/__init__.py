"""A module for each part of `make bench`: what is measured, and the rows and figures that come of it."""
