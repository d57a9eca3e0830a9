/** Reversed polynomial of CRC-32C (Castagnoli), with which PostgreSQL protects WAL records. */
const POLYNOMIAL = 0x82f63b78;

const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ POLYNOMIAL;
  return crc | 0;
});

/** Returns the CRC-32C of several parts, as if they were one, as an unsigned number. */
export function crc32c(...parts: readonly Uint8Array[]): number {
  let crc = -1;
  for (const part of parts)
    for (let at = 0; at < part.length; at++) crc = (TABLE[(crc ^ (part[at] as number)) & 0xff] as number) ^ (crc >>> 8);
  return ~crc >>> 0;
}
