"""`python -m daybook.ops` is `daybook`."""

import sys

from daybook.ops.command import main

sys.exit(main())
