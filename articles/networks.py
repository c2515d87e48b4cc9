"""From which network a request comes: all that is ever kept of an address is a hash of it."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def client_address(request: HttpRequest) -> str:
    """The address that the request came from, as the nearest proxies that are trusted tell it.

    Proxies add what they see at the right of X-Forwarded-For; what stands further left than there
    are proxies anybody can have written.
    """
    proxies = settings.TRUSTED_PROXIES
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    if proxies and len(hops) >= proxies and hops[-proxies]:
        return hops[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def network_hash(address: str) -> str:
    """A salted hash of the network of an address: 256 addresses of IPv4, a site of IPv6.

    Addresses that cannot be read share one network, so that nobody is without limits.
    """
    return salted_hmac(
        "articles.discussion.network", _network(address), algorithm="sha256"
    ).hexdigest()[:32]


def _network(text: str) -> str:
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(ip_network((address, 24 if address.version == 4 else 48), strict=False))
