"""Codes of a second step (RFC 6238: SHA-1, six digits, thirty seconds)."""

import base64
import hmac
import struct
import time


def code_at(secret: str, step: int) -> str:
    padded = secret.upper().replace(" ", "")
    key = base64.b32decode(padded + "=" * (-len(padded) % 8))
    digest = hmac.digest(key, struct.pack(">Q", step), "sha1")
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


class Authenticator:
    """A phone's app. A code is never accepted twice, so each call answers a later step than the one before.

    One step ahead is within what the server allows for clocks that differ; beyond that it waits.
    """

    def __init__(self, secret: str):
        self.secret = secret
        self.last = 0

    def code(self) -> str:
        step = max(int(time.time()) // 30, self.last + 1)
        while step > int(time.time()) // 30 + 1:
            time.sleep(0.2)
        self.last = step
        return code_at(self.secret, step)
