import { type ColorScheme, DARK, LIGHT } from './colors.ts';
import { FONT_SIZES, FONTS, MOTION, RADIUS, SHADOWS, SPACING, WIDTHS } from './scales.ts';

type Values = Readonly<Record<string, string>>;

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const properties = (prefix: string, values: Values): string =>
  Object.entries(values)
    .map(([name, value]) => `  --${prefix}-${kebab(name)}: ${value};\n`)
    .join('');

/** Returns CSS custom properties for some colors, for example `--color-accent`. */
export const colorProperties = (colors: Partial<ColorScheme>): string => properties('color', colors as Values);

/**
 * Returns a stylesheet that sets colors for light and dark color schemes. Paper is always light.
 * @param light colors of the light scheme
 * @param dark colors of the dark scheme
 */
export const colorStylesheet = (light: Partial<ColorScheme>, dark: Partial<ColorScheme>): string => `:root {
${colorProperties(light)}}
@media screen and (prefers-color-scheme: dark) {
:root {
${colorProperties(dark)}}
}
`;

const SCALES = [
  properties('font', FONTS),
  properties('size', FONT_SIZES),
  properties('space', SPACING),
  properties('radius', RADIUS),
  properties('shadow', SHADOWS),
  properties('motion', MOTION),
  properties('width', WIDTHS),
];

/** Returns the stylesheet with all design tokens as CSS custom properties. */
export const tokensStylesheet = (): string => `:root {
color-scheme: light dark;
${SCALES.join('')}}
@media (prefers-reduced-motion: reduce) {
:root {
${properties('motion', { fast: '0ms', normal: '0ms' })}}
}
${colorStylesheet(LIGHT, DARK)}`;
