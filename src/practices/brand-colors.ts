import { clampChroma, formatHex, modeLrgb, modeOklab, modeOklch, modeRgb, useMode, wcagContrast } from 'culori/fn';
import { type ColorScheme, DARK, LIGHT } from '../design/index.ts';

// culori converts only between registered color spaces. `wcagContrast` calculates with linear RGB.
useMode(modeRgb);
useMode(modeLrgb);
useMode(modeOklab);
const toOklch = useMode(modeOklch);

/** Minimum contrast ratio of text, WCAG 2.2 §1.4.3. */
const MIN_CONTRAST = 4.5;
/** Steps of lightness in which a color is adjusted, from 0 (black) to 1 (white). */
const STEP = 0.01;

export type AccentColors = Pick<ColorScheme, 'accent' | 'accentStrong' | 'onAccent'>;

/** A color as it is used in light and in dark color schemes. */
export interface AdjustedColors {
  readonly light: AccentColors;
  readonly dark: AccentColors;
}

/**
 * Returns a practice's color for light and dark pages. The hue stays. The lightness changes until links are readable on
 * every background, and labels on buttons (contrast 4.5:1, WCAG 2.2 §1.4.3).
 * @param color `#rrggbb`
 */
export function accentColors(color: string): AdjustedColors {
  return {
    light: adjusted(color, { scheme: LIGHT, step: -STEP, onAccent: '#ffffff' }),
    dark: adjusted(color, { scheme: DARK, step: STEP, onAccent: DARK.background }),
  };
}

interface Adjustment {
  readonly scheme: ColorScheme;
  /** Direction in which the contrast with the backgrounds grows. */
  readonly step: number;
  readonly onAccent: string;
}

function adjusted(color: string, { scheme, step, onAccent }: Adjustment): AccentColors {
  const { surface, background, tint, dangerTint, warningTint, successTint } = scheme;
  const against = [surface, background, tint, dangerTint, warningTint, successTint, onAccent];
  const isReadable = (candidate: string) => against.every((other) => wcagContrast(candidate, other) >= MIN_CONTRAST);
  const { l = 0, c = 0, h } = toOklch(color) ?? { l: 0, c: 0 };
  const withLightness = (lightness: number): string =>
    formatHex(clampChroma({ mode: 'oklch', l: clamp(lightness), c, ...(h !== undefined && { h }) }, 'oklch'));
  let lightness = l;
  while (!isReadable(withLightness(lightness)) && clamp(lightness + step) !== clamp(lightness)) lightness += step;
  return {
    accent: withLightness(lightness),
    accentStrong: withLightness(lightness + step * STRONG_STEPS),
    onAccent,
  };
}

/** Steps of lightness between the accent and the strong accent. */
const STRONG_STEPS = 10;

const clamp = (lightness: number): number => Math.min(1, Math.max(0, lightness));
