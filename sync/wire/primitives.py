"""Bytes and bits, read and written within bounds.

Readers take bytes from outside: whatever is too short, too long or not written the one way that the
writers write it raises `MalformedWire`. Writers take values of our own: a value that does not fit is
a mistake in the program and raises `ValueError`.
"""

from __future__ import annotations

from sync.errors import MalformedWire

VARINT_BITS = 64
_VARINT_BYTES = -(-VARINT_BITS // 7)


class ByteWriter:
    """Builds a byte string; fixed-width integers are big-endian."""

    def __init__(self) -> None:
        self._data = bytearray()

    def __len__(self) -> int:
        return len(self._data)

    def raw(self, data: bytes) -> None:
        """Append bytes as they are."""
        self._data += data

    def uint(self, value: int, width: int) -> None:
        """Append an unsigned integer of `width` bytes."""
        if not 0 <= value < 1 << (8 * width):
            raise ValueError(f"does not fit {width} bytes")
        self._data += value.to_bytes(width, "big")

    def varint(self, value: int) -> None:
        """Append an unsigned integer below 2**64 as LEB128, 7 bits a byte, least first."""
        if not 0 <= value < 1 << VARINT_BITS:
            raise ValueError("a varint holds 0 to 2**64 - 1")
        while value > 0x7F:
            self._data.append(value & 0x7F | 0x80)
            value >>= 7
        self._data.append(value)

    def sized(self, data: bytes) -> None:
        """Append a varint length and the bytes."""
        self.varint(len(data))
        self._data += data

    def getvalue(self) -> bytes:
        """Return what was written."""
        return bytes(self._data)


class ByteReader:
    """Reads what `ByteWriter` wrote."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def remaining(self) -> int:
        """How many bytes are left."""
        return len(self._data) - self._at

    def raw(self, length: int) -> bytes:
        """Take exactly `length` bytes."""
        if not 0 <= length <= self.remaining:
            raise MalformedWire("ends too early")
        start, self._at = self._at, self._at + length
        return self._data[start : self._at]

    def uint(self, width: int) -> int:
        """Take an unsigned integer of `width` bytes."""
        return int.from_bytes(self.raw(width), "big")

    def varint(self) -> int:
        """Take a LEB128 integer; longer forms of the same number are refused."""
        value = 0
        for place in range(_VARINT_BYTES):
            byte = self.uint(1)
            value |= (byte & 0x7F) << (7 * place)
            if byte < 0x80:
                if byte == 0 and place > 0:
                    raise MalformedWire("number written longer than needed")
                if value >> VARINT_BITS:
                    break
                return value
        raise MalformedWire("number above 64 bits")

    def sized(self, limit: int) -> bytes:
        """Take a varint length of at most `limit`, then so many bytes."""
        length = self.varint()
        if length > limit:
            raise MalformedWire("part longer than allowed")
        return self.raw(length)

    def rest(self) -> bytes:
        """Take all that is left."""
        return self.raw(self.remaining)

    def end(self) -> None:
        """Refuse bytes that nobody asked for."""
        if self.remaining:
            raise MalformedWire("bytes left over")
