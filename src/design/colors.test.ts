import { wcagContrast } from 'culori';
import { describe, expect, it } from 'vitest';
import { ACCENT_SHADES, type ColorScheme, DARK, LIGHT } from './index.ts';

const BACKGROUNDS = ['background', 'surface', 'tint', 'dangerTint', 'warningTint', 'successTint'] as const;
const TEXTS = ['text', 'textMuted', 'accent', 'accentStrong', 'danger', 'warning', 'success'] as const;

type ColorName = keyof ColorScheme;

/** Lists the pairs of colors of a scheme whose contrast is too low, with their contrast. */
const tooLow = (scheme: ColorScheme, least: number, pairs: readonly (readonly [ColorName, ColorName])[]) =>
  pairs
    .map(([front, back]) => ({ front, back, contrast: wcagContrast(scheme[front], scheme[back]) }))
    .filter(({ contrast }) => !(contrast >= least));
const onBackgrounds = (...fronts: readonly ColorName[]) =>
  fronts.flatMap((front) => BACKGROUNDS.map((back) => [front, back] as const));

describe.each([
  ['light', LIGHT],
  ['dark', DARK],
])('the %s color scheme', (_name, scheme) => {
  it('consists of colors as # and six hexadecimal digits', () => {
    for (const color of Object.values(scheme)) expect(color).toMatch(/^#[0-9a-f]{6}$/);
  });

  it('WCAG 2.2 §1.4.3: has a contrast of 4.5:1 between every text color and every background', () => {
    expect(tooLow(scheme, 4.5, onBackgrounds(...TEXTS))).toEqual([]);
  });

  it('WCAG 2.2 §1.4.3: has a contrast of 4.5:1 for text on the accent', () => {
    expect(
      tooLow(scheme, 4.5, [
        ['onAccent', 'accent'],
        ['onAccent', 'accentStrong'],
      ]),
    ).toEqual([]);
  });

  it('WCAG 2.2 §1.4.11: has a contrast of 3:1 for borders of form fields and for the focus, on every background', () => {
    expect(tooLow(scheme, 3, onBackgrounds('lineStrong', 'focus'))).toEqual([]);
  });
});

it('the shades of the accent get darker from first to last and contain the accent of the light scheme', () => {
  const contrasts = ACCENT_SHADES.map((shade) => wcagContrast(shade, '#ffffff'));
  expect(contrasts).toEqual(contrasts.toSorted((one, other) => one - other));
  expect(ACCENT_SHADES).toContain(LIGHT.accent);
});
