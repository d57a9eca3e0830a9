import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const { pages } = await import(new URL('../../scripts/reference.mjs', import.meta.url).href);
const folder = new URL('../../docs/reference/', import.meta.url);

it('npm run reference has been run: every reference page is current', () => {
  const written = readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]);
  expect(Object.fromEntries(written)).toEqual(pages);
});
