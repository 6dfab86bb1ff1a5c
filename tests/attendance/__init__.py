"""Tests of what a school knows about attendance."""
