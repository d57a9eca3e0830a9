export { ACCENT_SHADES, type ColorScheme, DARK, LIGHT } from './colors.ts';
export { FONT_SIZES, FONTS, MOTION, RADIUS, SHADOWS, SPACING, toPixels, WIDTHS } from './scales.ts';
export { colorProperties, colorStylesheet, tokensStylesheet, tokenVariables } from './stylesheet.ts';
