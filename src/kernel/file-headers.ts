/** Headers of a file that pages of other origins may show, such as a logo or a stylesheet. */
export const EMBEDDABLE = { 'cross-origin-resource-policy': 'cross-origin' } as const;

/**
 * Headers of a file that comes from outside, such as a document or a logo. If a browser opens the file as a page of its
 * own, the page has an opaque origin, runs no scripts, and loads nothing.
 */
export const UNTRUSTED_FILE = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox",
} as const;
