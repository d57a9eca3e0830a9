import { converter, wcagContrast } from 'culori';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../test/support/runs/slice.ts';
import { type ColorScheme, DARK, LIGHT } from '../design/index.ts';
import { type AccentColors, accentColors } from './brand-colors.ts';
import '../../test/support/runs/seed.ts';

const toHex = (number: number) => `#${number.toString(16).padStart(6, '0')}`;
const anyColor = fc.integer({ min: 0, max: 0xffffff }).map(toHex);

/** Lists the pairs of an adjusted color and a background of its pages that are hard to read together. */
function unreadable({ accent, accentStrong, onAccent }: AccentColors, scheme: ColorScheme): readonly string[] {
  const { surface, background, tint, dangerTint, warningTint, successTint } = scheme;
  const behindLinks = [surface, background, tint, dangerTint, warningTint, successTint];
  return [accent, accentStrong].flatMap((color) =>
    [...behindLinks, onAccent].filter((other) => !(wcagContrast(color, other) >= 4.5)).map((other) => color + other),
  );
}
const problems = (color: string) => {
  const { light, dark } = accentColors(color);
  return [...unreadable(light, LIGHT), ...unreadable(dark, DARK)];
};

describe('WCAG 2.2 §1.4.3: the color of a practice', () => {
  it('is readable on light and dark pages, whichever color it is', () => {
    fc.assert(
      fc.property(anyColor, (color) => {
        expect(problems(color)).toEqual([]);
      }),
      { numRuns: propertyRuns(1000) },
    );
  });

  it.each(['#000000', '#ffffff', '#ff0000', '#00ff00', '#0000ff', '#ffff00', '#00ffff', '#ff00ff', '#777777'])(
    'is readable at the limits of the color space: %s',
    (color) => {
      expect(problems(color)).toEqual([]);
    },
  );

  it('stays as it is where it is readable', () => {
    expect(accentColors('#7a1f5c').light.accent).toBe('#7a1f5c');
    expect(accentColors('#63c6d3').dark.accent).toBe('#63c6d3');
  });

  it('keeps its hue where it has to change', () => {
    const hue = (color: string) => converter('oklch')(color)?.h ?? Number.NaN;
    for (const color of ['#ffd700', '#ff8800', '#7a1f5c', '#1f5c7a']) {
      const { light, dark } = accentColors(color);
      for (const { accent } of [light, dark]) expect(Math.abs(hue(accent) - hue(color))).toBeLessThan(4);
    }
  });
});
