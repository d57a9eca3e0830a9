export { ACCENT_SHADES, type ColorScheme, DARK, LIGHT } from './colors.ts';
export { BREAKPOINTS, FONT_SIZES, FONTS, RADIUS, SHADOWS, SPACING, toPixels } from './scales.ts';
export { colorStylesheet, tokensStylesheet, tokenVariables } from './stylesheet.ts';
