"""The independent checker: certificates are verified in exact arithmetic, by code that the solvers do not share.

`checker.check(certificate)` reads plain data and nothing else; `docs/certificates.md` describes format and mathematics.
"""

import sys

from negotiation._door import CallableRoom

sys.modules[__name__].__class__ = CallableRoom  # `negotiation.verify(...)` is the front door's function of that name
