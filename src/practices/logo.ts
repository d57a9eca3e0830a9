import { type Picture, pictureIn } from './picture.ts';

/** A picture as it is kept. */
export interface Logo {
  readonly type: Picture['type'];
  readonly bytes: Buffer;
}

/** Bytes. */
export const LARGEST_LOGO = 200_000;
/** Pixels each way: a few thousand bytes can stand for gigabytes in the memory of a phone. */
const WIDEST_LOGO = 2000;

/**
 * A picture by what it begins with, whatever its name or the browser says it is: none of these can hold a program. An SVG
 * can, and no filter for it is as good as leaving it out.
 * @returns the logo, or why it can't be one
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
/** WCAG 2.2 §2.2.2: what moves must be stoppable. */
const ANIMATED = 'The picture moves. Choose one that stands still';
const SVG =
  'This is an SVG picture. Those can hold programs that run when patients open a page: save it as PNG, and choose that';

/** However it is wrapped or written: for the words alone, as nothing but the formats above is taken. */
const isSvg = (bytes: Buffer): boolean =>
  /<svg[\s>]/i.test(bytes.toString('utf8', 0, 4000)) ||
  /<svg[\s>]/i.test(bytes.toString('utf16le', 0, 4000)) ||
  isGzip(bytes);

/** .svgz */
const isGzip = (bytes: Buffer): boolean => bytes.toString('latin1', 0, 2) === '\x1f\x8b';
