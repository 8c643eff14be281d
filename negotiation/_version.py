"""The version, in a module of its own: rooms that record it need not import the front door."""

__version__ = "0.2.0"


def versions(*packages: str) -> dict[str, str]:
    """Return the versions of this package, of Python and of the packages named, which a record of a result keeps."""
    import importlib.metadata  # slow to import: few commands leave a record
    import platform

    ours = {"negotiation": __version__, "python": platform.python_version()}
    return {**ours, **{name: importlib.metadata.version(name) for name in packages}}
