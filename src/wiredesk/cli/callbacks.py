"""Where hubs call (WebSub, 5.3 and 7): their questions whether we asked, and their news, checked and left for a run."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from urllib.parse import parse_qs

from wiredesk.errors import StoreError
from wiredesk.line.hubs import drop_call
from wiredesk.site import SiteFolder
from wiredesk.store import Store, Subscription

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_METHODS = ("sha1", "sha256", "sha384", "sha512")  # that the Recommendation knows (8)
_CHALLENGE = 4096  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Callbacks:
    """Answers hubs.  `max_bytes` bounds what one may post."""

    site: SiteFolder
    max_bytes: int

    def knows(self, token: str) -> bool:
        """Tell whether a hub may call here at all."""
        return self._subscription(token) is not None

    def asked(self, token: str, query: str) -> tuple[int, bytes]:
        """Answer a hub that asks whether we want what it was asked for; (status, body).

        Confirmed is only what we asked for, for the very topic; the lease that the hub grants is left for a run.
        """
        subscription = self._subscription(token)
        fields = {key: values[0] for key, values in parse_qs(query, max_num_fields=20).items()}
        mode, topic = fields.get("hub.mode", ""), fields.get("hub.topic", "")
        challenge = fields.get("hub.challenge", "")[:_CHALLENGE].encode()
        if subscription is None or topic != subscription.topic:
            return 404, b""
        if mode == "denied":
            drop_call(self.site.inbox, token, "denied", reason=fields.get("hub.reason", ""))
            return 200, b""
        leaving = subscription.status == "leaving"
        if mode == "unsubscribe" and leaving and challenge:
            drop_call(self.site.inbox, token, "left")
            return 200, challenge
        seconds = fields.get("hub.lease_seconds", "")
        if mode == "subscribe" and not leaving and challenge and seconds.isascii() and seconds.isdigit():
            drop_call(self.site.inbox, token, "verified", seconds=int(seconds[:9]))
            return 200, challenge
        return 404, b""

    def told(self, token: str, signature: str, body: bytes) -> int:
        """Take a hub's news with its X-Hub-Signature; return the status.

        What is not signed with our secret is answered alike, and ignored.
        """
        subscription = self._subscription(token)
        if subscription is None or subscription.status == "leaving":
            return 410  # the hub may forget us
        if signed(signature, subscription.secret, body):
            drop_call(self.site.inbox, token, "ping")
        return 202

    def _subscription(self, token: str) -> Subscription | None:
        if not _TOKEN.fullmatch(token) or not self.site.database.is_file():
            return None
        try:
            store = Store(self.site.database)
        except StoreError:
            return None
        try:
            return store.intake.subscription_by_token(token)
        finally:
            store.close()


def signed(signature: str, secret: str, body: bytes) -> bool:
    """Tell whether `signature` ("sha256=…") is that of `body` under `secret`; takes as long for any wrong one."""
    method, _, given = signature.strip().partition("=")
    if method.lower() not in _METHODS:
        return False
    true = hmac.new(secret.encode(), body, getattr(hashlib, method.lower())).hexdigest()
    return hmac.compare_digest(true.encode(), given.strip().lower().encode("utf-8", "replace"))
