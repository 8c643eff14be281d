"""The independent checker: certificates are verified in exact arithmetic, by code that the solvers do not share.

`checker.check(certificate)` reads plain data and nothing else; `docs/certificates.md` describes format and mathematics.
"""
