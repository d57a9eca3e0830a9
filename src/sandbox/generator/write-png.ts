import { crc32, deflateSync } from 'node:zlib';

const SIZE = 48;

/** Writes a small grayscale image that depends only on the name: PNG (ISO/IEC 15948), 8 bits per pixel. */
export function writePng(name: string): Buffer {
  const rows = Array.from({ length: SIZE }, (_, y) =>
    Buffer.from([0, ...Array.from({ length: SIZE }, (__, x) => shade(x, y, name.length))]),
  );
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIZE, 0);
  header.writeUInt32BE(SIZE, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Returns the brightness of a pixel. The image is bright in the center and has a few rings around it. */
function shade(x: number, y: number, rings: number): number {
  const distance = Math.hypot(x - SIZE / 2, y - SIZE / 2) / (SIZE / 2);
  return Math.max(0, Math.min(255, Math.round(220 * (1 - distance) + 30 * Math.sin(distance * rings))));
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
