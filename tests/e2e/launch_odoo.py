"""Starts Odoo as its own start script does.

A server with workers starts a helper process by running its own script again. With `python -m odoo`
that fails: the helper would die and be restarted all the time.
"""

import odoo.cli

odoo.cli.main()
