"""Protected values: ID numbers, phones and 学籍号 at rest.

Envelope `v|key id|nonce|ciphertext|tag` (SM4-GCM, base64 parts; associated data table.field.uid, so a
value moved to another row does not open), and an index HMAC-SM3 of the normalised value for look-up.
The index is not unique: a duplicate ID is a finding, not an error. Algorithms only: this claims no
密评 certificate.
"""

import base64
import os
from dataclasses import dataclass
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

VERSION = "1"


class KeyLost(Exception):
    """A value was sealed with a key this installation does not have, or does not open with it."""


@dataclass(frozen=True, slots=True)
class Key:
    """A field key: `cipher` seals (16 bytes), `index` finds (32 bytes)."""

    id: str
    cipher: bytes
    index: bytes


@cache
def keys() -> dict[str, Key]:
    """The keys of KONGCHUO_FIELD_KEYS, the current one first."""
    found = {}
    for part in settings.KONGCHUO_FIELD_KEYS.split(","):
        key_id, _, encoded = part.strip().partition(":")
        raw = base64.b64decode(encoded)
        if len(raw) != 48:
            raise KeyLost("KONGCHUO_FIELD_KEYS 应为 编号:48字节的base64。")
        found[key_id] = Key(key_id, raw[:16], raw[16:])
    return found


def current_key() -> Key:
    return next(iter(keys().values()))


def seal(value: str, table: str, field: str, uid: str) -> str:
    """The envelope of `value` for this field of this row; "" stays ""."""
    if not value:
        return ""
    key, nonce = current_key(), os.urandom(12)
    sealer = Cipher(algorithms.SM4(key.cipher), modes.GCM(nonce)).encryptor()
    sealer.authenticate_additional_data(f"{table}.{field}.{uid}".encode())
    ciphertext = sealer.update(value.encode()) + sealer.finalize()
    parts = (base64.b64encode(part).decode() for part in (nonce, ciphertext, sealer.tag))
    return "|".join([VERSION, key.id, *parts])


def unseal(envelope: str, table: str, field: str, uid: str) -> str:
    """The value in an envelope. Raises KeyLost when its key is missing or it was tampered with."""
    if not envelope:
        return ""
    _version, key_id, *parts = envelope.split("|")
    key = keys().get(key_id)
    if key is None:
        raise KeyLost(f"缺少编号为 {key_id} 的字段密钥。请从备份恢复 var/field.keys。")
    nonce, ciphertext, tag = (base64.b64decode(part) for part in parts)
    opener = Cipher(algorithms.SM4(key.cipher), modes.GCM(nonce, tag)).decryptor()
    opener.authenticate_additional_data(f"{table}.{field}.{uid}".encode())
    try:
        return (opener.update(ciphertext) + opener.finalize()).decode()
    except InvalidTag as wrong:
        raise KeyLost(f"{table}.{field} 的一个值打不开：密钥不对，或数据被改动。") from wrong


def seal_bytes(content: bytes, place: str) -> bytes:
    """`version|key id|` and then nonce, tag and ciphertext of a piece of a file; `place` says which."""
    key, nonce = current_key(), os.urandom(12)
    sealer = Cipher(algorithms.SM4(key.cipher), modes.GCM(nonce)).encryptor()
    sealer.authenticate_additional_data(place.encode())
    ciphertext = sealer.update(content) + sealer.finalize()
    return f"{VERSION}|{key.id}|".encode() + nonce + sealer.tag + ciphertext


def unseal_bytes(sealed: bytes, place: str) -> bytes:
    """A piece of a file. Raises KeyLost when its key is missing or it was tampered with."""
    version, key_id, rest = sealed.split(b"|", 2)
    key = keys().get(key_id.decode())
    if key is None or version.decode() != VERSION:
        raise KeyLost(f"缺少编号为 {key_id.decode()} 的字段密钥。请从备份恢复 var/field.keys。")
    opener = Cipher(algorithms.SM4(key.cipher), modes.GCM(rest[:12], rest[12:28])).decryptor()
    opener.authenticate_additional_data(place.encode())
    try:
        return opener.update(rest[28:]) + opener.finalize()
    except InvalidTag as wrong:
        raise KeyLost("上传的文件打不开：密钥不对，或文件被改动。") from wrong


def index(value: str) -> str:
    """The keyed index of a normalised value, 64 hex characters; "" stays ""."""
    if not value:
        return ""
    digest = hmac.HMAC(current_key().index, hashes.SM3())
    digest.update(value.encode())
    return digest.finalize().hex()
