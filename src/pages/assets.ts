import { readFileSync } from 'node:fs';
import { sha256 } from '../kernel/index.ts';

export interface Asset {
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer;
}

const read = (name: string): Buffer => readFileSync(new URL(`assets/${name}`, import.meta.url));

/** By room, in the order in which a later rule wins. Served as one file: a page asks once before it is painted. */
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

/** SMART App Launch 2.2, styling: what an app can take from `frame.css` to fit in with these pages. */
const smartStyle: Asset = {
  path: '/assets/smart-style.json',
  contentType: 'application/json; charset=utf-8',
  body: read('smart-style.json'),
};

/** What apps are told as `smart_style_url`: the address has to be another one when the style is. */
export const smartStylePath = `${smartStyle.path}?v=${sha256(smartStyle.body).toString('hex', 0, 4)}`;

const SCRIPT = 'text/javascript; charset=utf-8';
/** Of @simplewebauthn/browser, as it is published. */
const webauthn = readFileSync(
  new URL('dist/bundle/index.umd.min.js', new URL('..', import.meta.resolve('@simplewebauthn/browser'))),
);

/** For pages with a form of `passkeyForm`. */
export const PASSKEY_SCRIPTS: readonly string[] = ['/assets/webauthn.js', '/assets/passkeys.js'];

export const pageAssets: readonly Asset[] = [
  {
    path: '/assets/pages.css',
    contentType: 'text/css; charset=utf-8',
    body: Buffer.concat(STYLES.map((room) => read(`styles/${room}.css`))),
  },
  { path: '/assets/icon.svg', contentType: 'image/svg+xml', body: read('icon.svg') },
  smartStyle,
  { path: '/assets/webauthn.js', contentType: SCRIPT, body: webauthn },
  { path: '/assets/passkeys.js', contentType: SCRIPT, body: read('passkeys.js') },
];
