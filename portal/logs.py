"""Logs that say what went wrong and nothing of a program: its address is its key, and its rows are its sponsor's secret."""

import logging
import re

from gunicorn.glogging import Logger

# Keys are longer than this; what is cut off shorter opens nothing, and names of pages and folders are left readable.
KEY = re.compile(r"((?:/|%2F)programs(?:/|%2F))[^/%\s?&\"']{16,}", re.IGNORECASE)
# What an address asks for may describe a program, and PostgreSQL quotes the row that it refused.
QUERY = re.compile(r"(/programs/[^\s?\"']*\?)[^\s\"']+")
ROW = re.compile(r"(?m)^DETAIL:.*$")


class Discreet(logging.Formatter):
    """Writes a line, with its traceback if it has one, without the keys and answers of programs."""

    def format(self, record: logging.LogRecord) -> str:
        text = QUERY.sub(r"\1…", KEY.sub(r"\1…", super().format(record)))
        return ROW.sub("DETAIL: left out", text)


class ServerLog(Logger):
    """The server's own log; its list of requests, where somebody wants one, is as discreet as ours."""

    def setup(self, cfg):
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                written = handler.formatter
                handler.setFormatter(Discreet(written._fmt, written.datefmt))
