import { type ImageHeader, readImageHeader } from './image-header.ts';

/** An image as it is stored. */
export interface Logo {
  readonly type: ImageHeader['type'];
  readonly bytes: Buffer;
}

/** Bytes. */
export const MAX_LOGO_BYTES = 200_000;
/** Pixels in each dimension. A few thousand bytes of compressed image can take gigabytes of a phone's memory. */
const MAX_LOGO_PIXELS = 2000;

/**
 * Detects an image by its first bytes, regardless of its file name and declared type. None of the accepted formats can
 * contain scripts. SVG can, and rejecting it is safer than any filter.
 * @returns the logo, or a message that says why it is rejected
 */
export function validateLogo(bytes: Buffer): Logo | string {
  if (bytes.length === 0) return 'Choose a file';
  if (bytes.length > MAX_LOGO_BYTES) return TOO_LARGE;
  const picture = readImageHeader(bytes);
  if (picture === undefined) return isSvg(bytes) ? SVG : 'The file must be a PNG, JPEG or WebP picture';
  if (picture.width > MAX_LOGO_PIXELS || picture.height > MAX_LOGO_PIXELS) return TOO_WIDE;
  return picture.animated ? ANIMATED : { type: picture.type, bytes };
}

const TOO_LARGE = `The file must be smaller than ${MAX_LOGO_BYTES / 1000} KB`;
const TOO_WIDE = `The picture must be at most ${MAX_LOGO_PIXELS} pixels wide and high. Make it smaller, and choose that`;
/** WCAG 2.2 §2.2.2: moving content must be stoppable. */
const ANIMATED = 'The picture moves. Choose one that stands still';
const SVG =
  'This is an SVG picture. Those can hold programs that run when patients open a page: save it as PNG, and choose that';

/**
 * Detects SVG in any wrapping or encoding. It only selects the error message, because nothing but the accepted formats
 * is stored anyway.
 */
const isSvg = (bytes: Buffer): boolean =>
  /<svg[\s>]/i.test(bytes.toString('utf8', 0, 4000)) ||
  /<svg[\s>]/i.test(bytes.toString('utf16le', 0, 4000)) ||
  isGzip(bytes);

/** An .svgz file. */
const isGzip = (bytes: Buffer): boolean => bytes.toString('latin1', 0, 2) === '\x1f\x8b';
