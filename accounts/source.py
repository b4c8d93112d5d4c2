"""来访地址: where a request comes from, as the reverse proxies named in KONGCHUO_PROXIES tell it.

Each proxy writes behind X-Forwarded-For the address that asked it. So the header is read from its
end, as long as who wrote is one of ours; what stands before that is anybody's word.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
ONE_HOUSEHOLD = 64  # bits of an IPv6 address that a line is given; the rest its owner chooses


def source_of(request: HttpRequest) -> str:
    """The client's address; "" where the server was told none. No header raises."""
    asking = _address(request.META.get("REMOTE_ADDR", ""))
    told = request.headers.get("X-Forwarded-For", "").split(",")
    while asking and told and _is_ours(asking):
        before = _address(told.pop())
        if before is None:
            break
        asking = before
    return str(asking or "")


def neighbourhood(source: str) -> str:
    """The source by which tries are counted: an IPv4 address, or the network of an IPv6 line."""
    address = _address(source)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, ONE_HOUSEHOLD), strict=False))
    return source


def _is_ours(address: Address) -> bool:
    proxies: list[Network] = settings.KONGCHUO_PROXIES
    return any(address in network for network in proxies)


def _address(written: str) -> Address | None:
    """An address with or without a port, an IPv4 one also as IPv6 writes it; None for anything else."""
    bare = written.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
