"""From results to pages: text, figures, HTML and Markdown. The only layer that draws."""
