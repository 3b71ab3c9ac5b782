"""Whether the addresses of sources still lead somewhere: asked seldom, one by one, and only out on the open web.

Nothing is decided by what comes back; a curator sees it and looks. The clock, the pause, the resolver and the connection are handed in.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from django.db.models import F
from django.utils import timezone

from vendors.models import Source, SourceAddress, Vendor

Resolve = Callable[[str, int], list[str]]
Connect = Callable[[str, int, float], socket.socket]

USER_AGENT = "Crossmatch-source-check/1.0 (asks a few times a year whether a cited page is still there)"
TIMEOUT = 10.0  # seconds for one answer
PAUSE = 5.0  # seconds between two questions to one host
REDIRECTS = 5
SOME_BYTES = 1024
# The page may well be there, but not for a program: no sign that a reader would not find it.
NOT_FOR_PROGRAMS = frozenset({401, 403, 405, 406, 407, 429, 451, 999})
# IPv4 addresses dressed as IPv6 ones by a gateway.
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Trouble(Exception):
    """No answer, and why, in words for a curator."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one address gave. trouble is "" where a reader would find a page."""

    status: int | None
    final_url: str
    trouble: str = ""


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host by the system's own resolver."""
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def connect(address: str, port: int, timeout: float) -> socket.socket:
    return socket.create_connection((address, port), timeout)


def is_public(address: str) -> bool:
    """Whether an IP address is on the open web, also one that hides an IPv4 address in an IPv6 one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner:
            return is_public(str(inner))
        if ip in NAT64:
            return False
    return ip.is_global and not ip.is_multicast


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks for addresses, and never for one within our own network, whatever a name or a redirect says."""

    resolve: Resolve = resolve
    connect: Connect = connect
    timeout: float = TIMEOUT

    def ask(self, url: str) -> Answer:
        """Follow the address to where it leads: with HEAD, and with GET for a few bytes where HEAD is not taken."""
        here = url
        try:
            for _ in range(REDIRECTS + 1):
                status, location = self.once("HEAD", here)
                if status >= 400:
                    status, location = self.once("GET", here)
                if not (300 <= status < 400 and location):
                    gone = status >= 400 and status not in NOT_FOR_PROGRAMS
                    return Answer(status, here, f"The server says {status} {http.client.responses.get(status, '')}".strip() if gone else "")
                here = urljoin(here, location)
        except Trouble as trouble:
            return Answer(None, here, str(trouble))
        return Answer(None, here, f"It leads on more than {REDIRECTS} times")

    def once(self, method: str, url: str) -> tuple[int, str]:
        """Status of one answer, and where it sends on to. Raises Trouble."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError as error:
            raise Trouble("It leads to something that is no address") from error
        if parts.scheme not in {"http", "https"} or not host or parts.username or parts.password:
            raise Trouble("It leads to something that is no address on the web")
        # The address that was checked is the one that is asked: a name may mean another the next moment.
        address = self.public_address(host, port)
        try:
            return self.exchange(method, parts.scheme == "https", host, port, address, target(url))
        except TimeoutError as error:
            raise Trouble(f"No answer within {self.timeout:g} seconds") from error
        except ssl.SSLCertVerificationError as error:
            raise Trouble("The certificate is not valid") from error
        except (OSError, http.client.HTTPException, UnicodeError, ValueError) as error:
            raise Trouble(f"No answer: {type(error).__name__}") from error

    def public_address(self, host: str, port: int) -> str:
        try:
            addresses = self.resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise Trouble("There is no such host") from error
        if not addresses or not all(is_public(address) for address in addresses):
            raise Trouble("The host is not on the open web")
        return addresses[0]

    def exchange(self, method: str, secure: bool, host: str, port: int, address: str, path: str) -> tuple[int, str]:
        link = http.client.HTTPConnection(host, port, timeout=self.timeout)
        raw = self.connect(address, port, self.timeout)
        try:
            link.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=host) if secure else raw
            shown = f"[{host}]" if ":" in host else host
            usual = port == (443 if secure else 80)
            headers = {"Host": shown if usual else f"{shown}:{port}", "User-Agent": USER_AGENT, "Accept": "*/*", "Connection": "close"}
            if method == "GET":
                headers["Range"] = f"bytes=0-{SOME_BYTES - 1}"
            link.request(method, path, headers=headers)
            answer = link.getresponse()
            answer.read(SOME_BYTES)
            return answer.status, answer.headers.get("Location", "")
        finally:
            link.close()
            raw.close()


def target(url: str) -> str:
    """Path and query as they go over the line: what is no ASCII is quoted, what is quoted already stays."""
    parts = urlsplit(url)
    safe = "/%:=&?~#+!$,;'@()*[]"
    return urlunsplit(("", "", quote(parts.path or "/", safe=safe), quote(parts.query, safe=safe), ""))


def follow_sources():
    """One row for every address that a source of a vendor has that is not archived, and no other."""
    used = set(Source.objects.exclude(vendor__status=Vendor.Status.ARCHIVED).values_list("url", flat=True))
    known = dict(SourceAddress.objects.values_list("url", "pk"))
    SourceAddress.objects.bulk_create(
        [SourceAddress(url=url) for url in sorted(used - known.keys())], batch_size=500, ignore_conflicts=True
    )
    unused = [known[url] for url in known.keys() - used]
    for start in range(0, len(unused), 500):
        SourceAddress.objects.filter(pk__in=unused[start : start + 500]).delete()


def run(
    *,
    limit: int,
    asker: Asker,
    pause: float = PAUSE,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
    now: Callable[[], datetime] = timezone.now,
) -> Iterator[SourceAddress]:
    """Check so many addresses, those first that were never or longest not asked for, and yield each as it is stored."""
    follow_sources()
    asked_at: dict[str, float] = {}
    enough: set[str] = set()
    for row in SourceAddress.objects.order_by(F("checked_at").asc(nulls_first=True), "pk")[:limit]:
        host = urlsplit(row.url).hostname or ""
        if host in enough:
            continue
        if (wait := asked_at.get(host, -pause) + pause - clock()) > 0:
            sleep(wait)
        answer = asker.ask(row.url)
        asked_at[host] = clock()
        if answer.status == 429:
            enough.add(host)
        note(row, answer, now())
        yield row


def note(row: SourceAddress, answer: Answer, at: datetime):
    """Keep the answer. One that failed counts once a day; one that did not makes good all before."""
    row.checked_at, row.status, row.trouble, row.final_url = at, answer.status, answer.trouble[:200], answer.final_url[:1000]
    day = at.date()
    if not answer.trouble:
        row.failed_days, row.failed_on = 0, None
    elif row.failed_on != day:
        row.failed_days, row.failed_on = row.failed_days + 1, day
    row.save()
