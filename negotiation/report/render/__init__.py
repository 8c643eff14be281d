"""A Report as HTML, Markdown, SVG, PDF."""
