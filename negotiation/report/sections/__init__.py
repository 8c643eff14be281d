"""The sections of the main report, one question a module: each turns results into blocks of text, tables and figures."""
