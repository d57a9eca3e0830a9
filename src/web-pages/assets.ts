import { readFileSync } from 'node:fs';
import { sha256 } from '../kernel/index.ts';

export interface Asset {
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer;
}

const read = (name: string): Buffer => readFileSync(new URL(`assets/${name}`, import.meta.url));

/**
 * Stylesheets by module, in cascade order. They are served as one file, so that a page needs a single request for its
 * styles.
 */
const STYLES = [
  'frame',
  'parts',
  'forms',
  'consent',
  'enrollment',
  'desk',
  'account',
  'charts',
  'security',
  'public',
  'print',
] as const;

/** Style properties of `frame.css` that an app can use to match these pages. SMART App Launch 2.2, styling */
const smartStyle: Asset = {
  path: '/assets/smart-style.json',
  contentType: 'application/json; charset=utf-8',
  body: read('smart-style.json'),
};

/**
 * Path of the style properties, published as `smart_style_url`. It contains a hash of the content, so that it changes
 * with the style.
 */
export const smartStylePath = `${smartStyle.path}?v=${sha256(smartStyle.body).toString('hex', 0, 4)}`;

const SCRIPT = 'text/javascript; charset=utf-8';
/** The browser bundle of the npm package @simplewebauthn/browser. */
const webauthn = readFileSync(
  new URL('dist/bundle/index.umd.min.js', new URL('..', import.meta.resolve('@simplewebauthn/browser'))),
);

/** Paths of the scripts that a page with a `passkeyForm` needs. */
export const PASSKEY_SCRIPTS: readonly string[] = ['/assets/webauthn.js', '/assets/passkeys.js'];

/** Static files of the pages. Each is served at its `path`. */
export const pageAssets: readonly Asset[] = [
  {
    path: '/assets/pages.css',
    contentType: 'text/css; charset=utf-8',
    body: Buffer.concat(STYLES.map((name) => read(`styles/${name}.css`))),
  },
  { path: '/assets/icon.svg', contentType: 'image/svg+xml', body: read('icon.svg') },
  smartStyle,
  { path: '/assets/webauthn.js', contentType: SCRIPT, body: webauthn },
  { path: '/assets/passkeys.js', contentType: SCRIPT, body: read('passkeys.js') },
];
