import { getMessages, type Language } from '../i18n/index.ts';
import { type ImageHeader, readImageHeader } from './image-header.ts';

/** The logo of a practice, as it is stored and served. */
export interface Logo {
  readonly type: ImageHeader['type'];
  readonly bytes: Buffer;
}

/** Maximum size of a logo file in bytes. */
export const MAX_LOGO_BYTES = 200_000;
/**
 * Maximum width and height of a logo in pixels. A compressed image of a few thousand bytes could otherwise take
 * gigabytes of a phone's memory.
 */
const MAX_LOGO_PIXELS = 2000;

/**
 * Validates an uploaded logo. The type is detected from the first bytes, regardless of file name and declared type.
 * None of the accepted formats can contain scripts. SVG can, and rejecting it is safer than any filter.
 * @param language language of the message, by default English, for the developer API
 * @returns the logo, or a message that says why it is rejected
 */
export function validateLogo(bytes: Buffer, language: Language = 'en'): Logo | string {
  const messages = getMessages(language).practicePortal.detailErrors.logo;
  if (bytes.length === 0) return messages.missing;
  if (bytes.length > MAX_LOGO_BYTES) return messages.tooLarge(MAX_LOGO_BYTES / 1000);
  const image = readImageHeader(bytes);
  if (image === undefined) return isSvg(bytes) ? messages.svg : messages.format;
  if (image.width > MAX_LOGO_PIXELS || image.height > MAX_LOGO_PIXELS) return messages.dimensions(MAX_LOGO_PIXELS);
  // WCAG 2.2 §2.2.2 requires a way to stop moving content, which a logo doesn't have.
  return image.animated ? messages.animated : { type: image.type, bytes };
}

/**
 * Tells whether a file looks like SVG, in any encoding or compressed. It only selects the error message: no file is
 * stored unless its format is accepted.
 */
const isSvg = (bytes: Buffer): boolean =>
  /<svg[\s>]/i.test(bytes.toString('utf8', 0, 4000)) ||
  /<svg[\s>]/i.test(bytes.toString('utf16le', 0, 4000)) ||
  isGzip(bytes);

/** Tells whether a file is compressed with gzip, as an .svgz file is. */
const isGzip = (bytes: Buffer): boolean => bytes.toString('latin1', 0, 2) === '\x1f\x8b';
