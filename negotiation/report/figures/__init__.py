"""The figures of the main report, one family a module: each takes results and returns a `document.Figure`."""
