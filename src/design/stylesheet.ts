import { type ColorScheme, DARK, LIGHT } from './colors.ts';
import { FONT_SIZES, FONTS, MOTION, RADIUS, SHADOWS, SPACING, WIDTHS } from './scales.ts';

type Values = Readonly<Record<string, string>>;

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const variables = (prefix: string, values: Values): Values =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`--${prefix}-${kebab(name)}`, value]));

const properties = (prefix: string, values: Values): string =>
  Object.entries(variables(prefix, values))
    .map(([name, value]) => `  ${name}: ${value};\n`)
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
  ['font', FONTS],
  ['size', FONT_SIZES],
  ['space', SPACING],
  ['radius', RADIUS],
  ['shadow', SHADOWS],
  ['motion', MOTION],
  ['width', WIDTHS],
] as const;

/**
 * Returns all design tokens as CSS custom properties with their values, for pages that set them with a component
 * library. `scales` are independent of the color scheme.
 */
export const tokenVariables = (): { readonly scales: Values; readonly light: Values; readonly dark: Values } => ({
  scales: Object.assign({}, ...SCALES.map(([prefix, values]) => variables(prefix, values))) as Values,
  light: variables('color', LIGHT as unknown as Values),
  dark: variables('color', DARK as unknown as Values),
});

/** Returns the stylesheet with all design tokens as CSS custom properties. */
export const tokensStylesheet = (): string => `:root {
color-scheme: light dark;
${SCALES.map(([prefix, values]) => properties(prefix, values)).join('')}}
@media (prefers-reduced-motion: reduce) {
:root {
${properties('motion', { fast: '0ms', normal: '0ms' })}}
}
${colorStylesheet(LIGHT, DARK)}`;
