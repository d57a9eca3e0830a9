import { crc32, deflateSync } from 'node:zlib';

const SIZE = 48;

/** Writes a small grayscale image that depends only on the name. */
export const writePng = (name: string): Buffer =>
  encodePng({ size: SIZE, colorType: GRAYSCALE, pixel: (x, y) => [shade(x, y, name.length)] });

/** Color types of PNG (ISO/IEC 15948 §11.2.1). */
const GRAYSCALE = 0;
export const TRUE_COLOR_WITH_ALPHA = 6;

/** A square image with 8 bits per channel. */
export interface PngImage {
  readonly size: number;
  readonly colorType: number;
  /** Returns the channels of a pixel, from 0 to 255. */
  pixel(x: number, y: number): readonly number[];
}

/** Encodes an image as PNG (ISO/IEC 15948). */
export function encodePng({ size, colorType, pixel }: PngImage): Buffer {
  const rows = Array.from({ length: size }, (_, y) =>
    Buffer.from([0, ...Array.from({ length: size }, (__, x) => pixel(x, y)).flat()]),
  );
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, colorType, 0, 0, 0], 8);
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
