import { readFileSync } from 'node:fs';
import { FONT_SIZES, FONTS, LIGHT, RADIUS, SPACING, tokensStylesheet, toPixels } from '../design/index.ts';
import { sha256 } from '../kernel/index.ts';

export interface Asset {
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer;
}

const read = (name: string): Buffer => readFileSync(new URL(`assets/${name}`, import.meta.url));

/**
 * Stylesheets by module, in cascade order. They are served as one file, so that a page needs a single request for its
 * styles. The consent page has its own file besides, because its long rules would slow down every other page.
 */
const STYLES = [
  'base',
  'header',
  'parts',
  'cards',
  'forms',
  'enrollment',
  'practice-portal',
  'account',
  'record',
  'charts',
  'security',
  'public',
  'start',
  'summary',
  'print',
] as const;

/** The design tokens that an app can use to match these pages. SMART App Launch 2.2, styling */
const smartStyle: Asset = {
  path: '/assets/smart-style.json',
  contentType: 'application/json; charset=utf-8',
  body: Buffer.from(
    JSON.stringify({
      color_background: LIGHT.surface,
      color_error: LIGHT.danger,
      color_highlight: LIGHT.accent,
      color_modal_backdrop: LIGHT.text,
      color_success: LIGHT.success,
      color_text: LIGHT.text,
      dim_border_radius: toPixels(RADIUS.md),
      dim_font_size: toPixels(FONT_SIZES.body),
      dim_spacing_size: toPixels(SPACING.lg),
      font_family_body: FONTS.body,
      font_family_heading: FONTS.body,
    }),
  ),
};

/** Returns the hash of an asset's content, which its path carries so that browsers can cache it. */
export const assetVersion = (body: string | Buffer): string => sha256(body).toString('hex', 0, 4);

const versionedPath = ({ path, body }: Asset): string => `${path}?v=${assetVersion(body)}`;

/**
 * Path of the style properties, published as `smart_style_url`. It contains a hash of the content, so that it changes
 * with the style.
 */
export const smartStylePath = versionedPath(smartStyle);

const readStyles = (name: string): string => read(`styles/${name}.css`).toString();

/** Returns a stylesheet without comments and indentation. */
const toStylesheet = (path: string, parts: readonly string[]): Asset => ({
  path,
  contentType: 'text/css; charset=utf-8',
  body: Buffer.from(
    parts
      .join('')
      .replaceAll(/\/\*[\s\S]*?\*\//g, '')
      .replaceAll(/\n\s+/g, '\n'),
  ),
});

const stylesheet = toStylesheet('/assets/pages.css', [tokensStylesheet(), ...STYLES.map(readStyles)]);
const consentStylesheet = toStylesheet('/assets/consent.css', [readStyles('consent')]);

/** Path of the stylesheet of all pages. */
export const stylesheetPath = versionedPath(stylesheet);
/** Path of the additional stylesheet of the consent page. */
export const consentStylesheetPath = versionedPath(consentStylesheet);

const SCRIPT = 'text/javascript; charset=utf-8';
/** The browser bundle of the npm package @simplewebauthn/browser. */
const webauthn = readFileSync(
  new URL('dist/bundle/index.umd.min.js', new URL('..', import.meta.resolve('@simplewebauthn/browser'))),
);

/** Paths of the scripts that a page with a password field needs. */
export const PASSWORD_SCRIPTS: readonly string[] = ['/assets/show-password.js'];

/** Paths of the scripts that a page with a `passkeyForm` needs. */
export const PASSKEY_SCRIPTS: readonly string[] = ['/assets/webauthn.js', '/assets/passkeys.js'];

/** Path of the script that focuses the search of a page when `/` is pressed. The page marks the field with `data-search`, and the button that turns this off with `data-search-key`. */
export const SEARCH_KEY_SCRIPT = '/assets/search-key.js';

/** Static files of the pages. Each is served at its `path`. */
export const pageAssets: readonly Asset[] = [
  stylesheet,
  consentStylesheet,
  { path: '/assets/icon.svg', contentType: 'image/svg+xml', body: read('icon.svg') },
  smartStyle,
  { path: '/assets/webauthn.js', contentType: SCRIPT, body: webauthn },
  { path: '/assets/passkeys.js', contentType: SCRIPT, body: read('passkeys.js') },
  { path: SEARCH_KEY_SCRIPT, contentType: SCRIPT, body: read('search-key.js') },
  { path: '/assets/copy.js', contentType: SCRIPT, body: read('copy.js') },
  { path: '/assets/show-password.js', contentType: SCRIPT, body: read('show-password.js') },
  { path: '/assets/print.js', contentType: SCRIPT, body: read('print.js') },
];
