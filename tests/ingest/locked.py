"""Zips protected by a password, in both ways that are found."""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path

import pyzipper


def write_aes(path: Path, members: dict[str, bytes], password: str) -> Path:
    """Write a zip whose members are encrypted with AES-256."""
    with pyzipper.AESZipFile(
        path, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
    ) as archive:
        archive.setpassword(password.encode())
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def write_zipcrypto(path: Path, members: dict[str, bytes], password: str) -> Path:
    """Write a zip whose members are encrypted the old way (PKWARE), which no library here still writes."""
    body, directory = b"", b""
    for name, content in members.items():
        crc, packed = zlib.crc32(content), _deflated(content)
        sealed = _sealed(os.urandom(11) + bytes([crc >> 24]) + packed, password.encode())
        raw = name.encode()
        fields = struct.pack("<5H3I2H", 20, 0x801, 8, 0, 0x5A21, crc, len(sealed), len(content), len(raw), 0)
        directory += (
            b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<3H2I", 0, 0, 0, 0, len(body))
        )
        directory += raw
        body += b"PK\x03\x04" + fields + raw + sealed
    end = struct.pack("<4H2IH", 0, 0, len(members), len(members), len(directory), len(body), 0)
    path.write_bytes(body + directory + b"PK\x05\x06" + end)
    return path


def _deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def _crc(value: int, byte: int) -> int:
    return (value >> 8) ^ _TABLE[(value ^ byte) & 0xFF]


def _table() -> list[int]:
    table = []
    for number in range(256):
        for _ in range(8):
            number = (number >> 1) ^ (0xEDB88320 if number & 1 else 0)
        table.append(number)
    return table


_TABLE = _table()


def _sealed(plain: bytes, password: bytes) -> bytes:
    keys = [0x12345678, 0x23456789, 0x34567890]

    def turn(byte: int) -> None:
        keys[0] = _crc(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = _crc(keys[2], keys[1] >> 24)

    for byte in password:
        turn(byte)
    sealed = bytearray()
    for byte in plain:
        mixed = (keys[2] & 0xFFFF) | 2
        sealed.append(byte ^ ((mixed * (mixed ^ 1)) >> 8) & 0xFF)
        turn(byte)
    return bytes(sealed)
