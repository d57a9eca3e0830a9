import { type Picture, pictureIn } from './picture.ts';

/** An image as it is stored. */
export interface Logo {
  readonly type: Picture['type'];
  readonly bytes: Buffer;
}

/** Bytes. */
export const LARGEST_LOGO = 200_000;
/** Pixels in each dimension. A few thousand bytes of compressed image can take gigabytes of a phone's memory. */
const WIDEST_LOGO = 2000;

/**
 * Detects an image by its first bytes, regardless of its file name and declared type. None of the accepted formats can
 * contain scripts. SVG can, and rejecting it is safer than any filter.
 * @returns the logo, or a message that says why it is rejected
 */
export function readLogo(bytes: Buffer): Logo | string {
  if (bytes.length === 0) return 'Choose a file';
  if (bytes.length > LARGEST_LOGO) return TOO_LARGE;
  const picture = pictureIn(bytes);
  if (picture === undefined) return isSvg(bytes) ? SVG : 'The file must be a PNG, JPEG or WebP picture';
  if (picture.width > WIDEST_LOGO || picture.height > WIDEST_LOGO) return TOO_WIDE;
  return picture.animated ? ANIMATED : { type: picture.type, bytes };
}

const TOO_LARGE = `The file must be smaller than ${LARGEST_LOGO / 1000} KB`;
const TOO_WIDE = `The picture must be at most ${WIDEST_LOGO} pixels wide and high. Make it smaller, and choose that`;
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
