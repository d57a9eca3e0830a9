import { readFileSync } from 'node:fs';

export interface Asset {
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer;
}

const read = (name: string): Buffer => readFileSync(new URL(`assets/${name}`, import.meta.url));

export const pageAssets: readonly Asset[] = [
  { path: '/assets/pages.css', contentType: 'text/css; charset=utf-8', body: read('pages.css') },
  { path: '/assets/icon.svg', contentType: 'image/svg+xml', body: read('icon.svg') },
];
