/**
 * Type, width and height of an image, and whether it is animated. They are read from the header of the file, as a
 * browser does.
 */
export interface ImageHeader {
  readonly type: 'image/png' | 'image/jpeg' | 'image/webp';
  readonly width: number;
  readonly height: number;
  readonly animated: boolean;
}

/** Reads the header of an image. Returns `undefined` if the format isn't accepted or the header is incomplete. */
export function readImageHeader(bytes: Buffer): ImageHeader | undefined {
  const picture = readPngHeader(bytes) ?? readJpegHeader(bytes) ?? readWebpHeader(bytes);
  return picture !== undefined && picture.width > 0 && picture.height > 0 ? picture : undefined;
}

const latin1 = (bytes: Buffer, from: number, to: number): string => bytes.toString('latin1', from, to);

/** Reads the header of a PNG file: the signature (PNG §5.2) and the first chunk, IHDR (§5.6, §11.2.1). */
function readPngHeader(bytes: Buffer): ImageHeader | undefined {
  if (latin1(bytes, 0, 8) !== '\x89PNG\r\n\x1a\n' || latin1(bytes, 12, 16) !== 'IHDR' || bytes.length < 33)
    return undefined;
  return {
    type: 'image/png',
    width: bytes.readUInt32BE(16),
    height: bytes.readUInt32BE(20),
    animated: pngChunks(bytes).includes('acTL'),
  };
}

/**
 * Returns the names of a PNG file's chunks up to the first one with pixels. The animation chunk acTL comes before that
 * one (PNG 3rd edition §5.6).
 */
function pngChunks(bytes: Buffer): readonly string[] {
  const names: string[] = [];
  for (let at = 8; at + 8 <= bytes.length && names.at(-1) !== 'IDAT'; at += 12 + bytes.readUInt32BE(at))
    names.push(latin1(bytes, at + 4, at + 8));
  return names;
}

/**
 * Reads the segments of a JPEG file up to the frame header, which contains the size. ISO/IEC 10918-1, B.1.1.4 and
 * B.2.2.
 */
function readJpegHeader(bytes: Buffer): ImageHeader | undefined {
  if (latin1(bytes, 0, 3) !== '\xff\xd8\xff') return undefined;
  for (let at = 2; at + 9 <= bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    // Any number of fill bytes (0xff) may precede a marker.
    while (bytes[at + 1] === 0xff && at + 10 <= bytes.length) at += 1;
    const marker = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff || marker === START_OF_SCAN) return undefined;
    if (isFrameHeader(marker))
      return {
        type: 'image/jpeg',
        width: bytes.readUInt16BE(at + 7),
        height: bytes.readUInt16BE(at + 5),
        animated: false,
      };
  }
  return undefined;
}

const START_OF_SCAN = 0xda;
/**
 * Tells whether a JPEG marker is a frame header, SOF0 to SOF15. The markers DHT, JPG and DAC are in the same range but
 * aren't frame headers.
 */
const isFrameHeader = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Reads the header of a WebP file, RFC 9649 §2.4 to §2.7. */
function readWebpHeader(bytes: Buffer): ImageHeader | undefined {
  if (latin1(bytes, 0, 4) !== 'RIFF' || latin1(bytes, 8, 12) !== 'WEBP' || bytes.length < 30) return undefined;
  const size = WEBP[latin1(bytes, 12, 16)]?.(bytes);
  return size === undefined ? undefined : { type: 'image/webp', animated: false, ...size };
}

type ImageSize = Omit<ImageHeader, 'type' | 'animated'> & { readonly animated?: boolean };
const WEBP: Readonly<Record<string, (bytes: Buffer) => ImageSize | undefined>> = Object.assign(Object.create(null), {
  // Lossy format: size in the VP8 frame header, RFC 6386 §9.1.
  'VP8 ': (bytes: Buffer) =>
    latin1(bytes, 23, 26) === '\x9d\x01\x2a'
      ? { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff }
      : undefined,
  // Lossless format, RFC 9649 §3.4: width and height have 14 bits each and are stored minus one.
  VP8L(bytes: Buffer) {
    const bits = bytes.readUInt32LE(21);
    return bytes[20] === 0x2f ? { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 } : undefined;
  },
  // Extended format: the VP8X chunk contains the canvas size and the animation flag, RFC 9649 §2.7.1.
  VP8X: (bytes: Buffer) => ({
    width: bytes.readUIntLE(24, 3) + 1,
    height: bytes.readUIntLE(27, 3) + 1,
    animated: ((bytes[20] ?? 0) & 0x02) !== 0,
  }),
});
