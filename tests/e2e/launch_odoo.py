"""Starts Odoo as its own start script does.

A server with workers starts a helper process by running its own script again. With `python -m odoo`
that fails: the helper would die and be restarted all the time.
"""

import os
import smtplib

import odoo.cli


def wait_no_longer_than(seconds):
    """Give a mail server less time to answer than the minute of the platform."""
    original = smtplib.SMTP.__init__

    def impatient(self, *arguments, **options):
        original(self, *arguments, **{**options, "timeout": seconds})

    smtplib.SMTP.__init__ = impatient


if patience := os.environ.get("SMTP_PATIENCE"):
    wait_no_longer_than(float(patience))
odoo.cli.main()
