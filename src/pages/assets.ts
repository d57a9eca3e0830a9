import { readFileSync } from 'node:fs';
import { sha256 } from '../kernel/index.ts';

export interface Asset {
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer;
}

const read = (name: string): Buffer => readFileSync(new URL(`assets/${name}`, import.meta.url));

/** SMART App Launch 2.2, styling: what an app can take from `pages.css` to fit in with these pages. */
const smartStyle: Asset = {
  path: '/assets/smart-style.json',
  contentType: 'application/json; charset=utf-8',
  body: read('smart-style.json'),
};

/** What apps are told as `smart_style_url`: the address has to be another one when the style is. */
export const smartStylePath = `${smartStyle.path}?v=${sha256(smartStyle.body).toString('hex', 0, 4)}`;

export const pageAssets: readonly Asset[] = [
  { path: '/assets/pages.css', contentType: 'text/css; charset=utf-8', body: read('pages.css') },
  { path: '/assets/icon.svg', contentType: 'image/svg+xml', body: read('icon.svg') },
  smartStyle,
];
