import { expect, it } from 'vitest';
import { pageAssets, smartStylePath } from './assets.ts';

const css = pageAssets.find(({ path }) => path === '/assets/pages.css')?.body.toString() ?? '';
const asset = pageAssets.find(({ path }) => smartStylePath.startsWith(path));
const style: Record<string, string> = JSON.parse(asset?.body.toString() ?? '');

/** Returns a custom property of the stylesheet. The first rule that sets a color is that of the light scheme. */
const property = (name: string) => new RegExp(`--${name}: ([^;]*);`).exec(css)?.[1];
/** Returns the declarations of the first rule with exactly this selector. */
const rule = (selector: string) => css.slice(css.indexOf(`\n${selector} {`)).split('}')[0] ?? '';
const toPixels = (rem: string | undefined) => `${Number.parseFloat(rem ?? '') * 16}px`;

it('SMART App Launch 2.2, styling: has all eleven properties with the values of these pages', () => {
  expect(style).toEqual({
    color_background: property('color-surface'),
    color_error: property('color-danger'),
    color_highlight: property('color-accent'),
    color_modal_backdrop: property('color-text'),
    color_success: property('color-success'),
    color_text: property('color-text'),
    dim_border_radius: toPixels(property('radius-md')),
    dim_font_size: toPixels(property('size-body')),
    dim_spacing_size: toPixels(property('space-lg')),
    font_family_body: property('font-body'),
    font_family_heading: property('font-body'),
  });
});

it.each([
  ['html', 'font: var(--size-body) / 1.5 var(--font-body);'],
  ['html', 'color: var(--color-text);'],
  ['body.page', 'background: var(--color-surface);'],
  ['a', 'color: var(--color-accent);'],
  ['.error-summary', 'border: 1px solid var(--color-danger);'],
  ['.menu', 'border-radius: var(--radius-md);'],
])('the rule %s of these pages uses a published value: %s', (selector, declaration) => {
  expect(rule(selector)).toContain(declaration);
});

it('is JSON at an address that changes with its content', () => {
  expect(asset?.contentType).toContain('application/json');
  expect(smartStylePath).toMatch(/^\/assets\/smart-style\.json\?v=[0-9a-f]{8}$/);
});
