import { expect, it } from 'vitest';
import { pageAssets, smartStylePath } from './assets.ts';

const css = pageAssets.find(({ path }) => path === '/assets/pages.css')?.body.toString() ?? '';
const asset = pageAssets.find(({ path }) => smartStylePath.startsWith(path));
const style: Record<string, string> = JSON.parse(asset?.body.toString() ?? '');

/** Reads a color from the first `:root` rule of the stylesheet, which is the light theme. */
const color = (name: string) => new RegExp(`--${name}: (#\\w+);`).exec(css)?.[1];
const pixels = (rem: string | undefined, base: number) => `${Number(rem) * base}px`;

it('SMART App Launch 2.2, styling: has all eleven properties with the values of these pages', () => {
  const base = 16 * Number(/html \{\s+font:\s+([\d.]+)rem/.exec(css)?.[1]);
  const family = /(system-ui[^;]*);/.exec(css)?.[1]?.replaceAll(/\s+/g, ' ').replaceAll('"', "'").trim();
  expect(style).toEqual({
    color_background: color('paper') === '#fff' ? '#ffffff' : color('paper'),
    color_error: color('wrong'),
    color_highlight: color('main'),
    color_modal_backdrop: color('ink'),
    color_success: color('main'),
    color_text: color('ink'),
    dim_border_radius: /border-radius: (\w+);\n\}\nbutton \{/.exec(css)?.[1],
    dim_font_size: `${base}px`,
    dim_spacing_size: pixels(/padding: 0\.75rem ([\d.]+)rem/.exec(css)?.[1], base),
    font_family_body: family,
    font_family_heading: family,
  });
});

it('is JSON at an address that changes with its content', () => {
  expect(asset?.contentType).toContain('application/json');
  expect(smartStylePath).toMatch(/^\/assets\/smart-style\.json\?v=[0-9a-f]{8}$/);
});
