import {
  Anchor,
  Badge,
  Button,
  Checkbox,
  CheckboxIndicator,
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  Radio,
  RadioIndicator,
  type VariantColorsResolver,
} from '@mantine/core';
import {
  ACCENT_SHADES,
  type ColorScheme,
  DARK,
  FONT_SIZES,
  FONTS,
  LIGHT,
  RADIUS,
  SHADOWS,
  SPACING,
  tokenVariables,
} from '../../src/design/index.ts';

/** Returns a list of ten equal shades. Components use the variables of `designVariables` instead of the shades. */
const shades = (color: string): MantineColorsTuple =>
  Array.from({ length: 10 }, () => color) as unknown as MantineColorsTuple;

/** Colors with a meaning, by the name that components use, and their tokens. */
const MEANINGS = {
  accent: { main: 'accent', strong: 'accentStrong', tint: 'tint' },
  danger: { main: 'danger', strong: 'danger', tint: 'dangerTint' },
  warning: { main: 'warning', strong: 'warning', tint: 'warningTint' },
  success: { main: 'success', strong: 'success', tint: 'successTint' },
  gray: { main: 'textMuted', strong: 'text', tint: 'tint' },
} as const satisfies Record<string, Record<string, keyof ColorScheme>>;

/** Neutral shades of the light scheme: backgrounds, lines, borders of form fields, text. */
const NEUTRALS = [
  LIGHT.background,
  LIGHT.tint,
  LIGHT.line,
  LIGHT.line,
  LIGHT.lineStrong,
  LIGHT.lineStrong,
  LIGHT.textMuted,
  LIGHT.textMuted,
  LIGHT.text,
  LIGHT.text,
] as const;

/** Neutral shades of the dark scheme, from text to backgrounds. */
const DARK_NEUTRALS = [
  DARK.text,
  DARK.textMuted,
  DARK.textMuted,
  DARK.lineStrong,
  DARK.line,
  DARK.tint,
  DARK.surface,
  DARK.surface,
  DARK.background,
  DARK.background,
] as const;

/** Text on a filled background has the color that fits the accent. Borders of buttons have a contrast of 3:1. */
const variantColors: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input);
  if (input.variant === 'filled') return { ...colors, color: 'var(--color-on-accent)' };
  if (input.variant === 'default') return { ...colors, border: '1px solid var(--color-line-strong)' };
  return colors;
};

/** Theme of the portal. All values are the design tokens that the server-rendered pages use too. */
export const theme = createTheme({
  colors: {
    accent: ACCENT_SHADES as unknown as MantineColorsTuple,
    danger: shades(LIGHT.danger),
    warning: shades(LIGHT.warning),
    success: shades(LIGHT.success),
    gray: NEUTRALS as unknown as MantineColorsTuple,
    dark: DARK_NEUTRALS as unknown as MantineColorsTuple,
  },
  primaryColor: 'accent',
  primaryShade: 7,
  variantColorResolver: variantColors,
  black: LIGHT.text,
  fontFamily: FONTS.body,
  fontFamilyMonospace: FONTS.code,
  fontSizes: {
    xs: '0.8125rem',
    sm: FONT_SIZES.small,
    md: FONT_SIZES.dense,
    lg: FONT_SIZES.heading3,
    xl: FONT_SIZES.lead,
  },
  lineHeights: { md: '1.5' },
  headings: {
    fontFamily: FONTS.body,
    sizes: {
      h1: { fontSize: FONT_SIZES.heading1, lineHeight: '1.25' },
      h2: { fontSize: FONT_SIZES.heading2, lineHeight: '1.25' },
      h3: { fontSize: FONT_SIZES.heading2, lineHeight: '1.25' },
      h4: { fontSize: FONT_SIZES.heading3, lineHeight: '1.25' },
      h5: { fontSize: FONT_SIZES.body, lineHeight: '1.25' },
    },
  },
  spacing: { xs: SPACING.sm, sm: SPACING.md, md: '1rem', lg: SPACING.lg, xl: SPACING.xl },
  radius: { xs: RADIUS.sm, sm: RADIUS.sm, md: RADIUS.md, lg: RADIUS.lg, xl: RADIUS.full },
  defaultRadius: 'md',
  shadows: { xs: SHADOWS.card, sm: SHADOWS.card, md: SHADOWS.menu, lg: SHADOWS.menu, xl: SHADOWS.menu },
  // Turns off animations for people who asked their device for reduced motion (WCAG 2.2, 2.3.3). Mantine doesn't do
  // this by default.
  respectReducedMotion: true,
  components: {
    Anchor: Anchor.extend({ defaultProps: { underline: 'always' } }),
    Badge: Badge.extend({ styles: { root: { textTransform: 'none' } } }),
    // A long text wraps instead of being cut off.
    Button: Button.extend({
      styles: {
        root: { height: 'auto', minHeight: 'var(--button-height)', paddingBlock: '0.25rem', lineHeight: 1.25 },
        inner: { height: 'auto', minHeight: 'calc(var(--button-height) - 0.5rem - 2px)' },
        label: { whiteSpace: 'normal' },
      },
    }),
    Checkbox: Checkbox.extend({ vars: () => ({ root: { '--checkbox-icon-color': 'var(--color-on-accent)' } }) }),
    CheckboxIndicator: CheckboxIndicator.extend({
      vars: () => ({ indicator: { '--checkbox-icon-color': 'var(--color-on-accent)' } }),
    }),
    Radio: Radio.extend({ vars: () => ({ root: { '--radio-icon-color': 'var(--color-on-accent)' } }) }),
    RadioIndicator: RadioIndicator.extend({
      vars: () => ({ indicator: { '--radio-icon-color': 'var(--color-on-accent)' } }),
    }),
  },
});

/** Returns the variables of the colors with a meaning. They refer to the tokens of the color scheme. */
const meaningVariables = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(MEANINGS).flatMap(([name, { main, strong, tint }]) =>
      Object.entries({
        filled: main,
        'filled-hover': strong,
        light: tint,
        'light-hover': tint,
        'light-color': strong,
        outline: main,
        'outline-hover': tint,
        text: main,
      }).map(([use, token]) => [`--mantine-color-${name}-${use}`, toVariable(token)]),
    ),
  );

const toVariable = (token: string): string =>
  `var(--color-${token.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)})`;

/** The component library's own variables, by the token that they refer to. */
const LIBRARY_VARIABLES = {
  text: 'text',
  bright: 'text',
  body: 'surface',
  dimmed: 'textMuted',
  placeholder: 'textMuted',
  anchor: 'accent',
  error: 'danger',
  success: 'success',
  default: 'surface',
  'default-hover': 'tint',
  'default-color': 'text',
  'default-border': 'line',
  disabled: 'tint',
  'disabled-color': 'textMuted',
  'disabled-border': 'line',
} as const satisfies Record<string, keyof ColorScheme>;

/** Sets the design tokens as CSS variables, and the variables of the component library to them. */
export const designVariables: CSSVariablesResolver = () => {
  const { scales, light, dark } = tokenVariables();
  const references = {
    ...meaningVariables(),
    ...Object.fromEntries(
      Object.entries(LIBRARY_VARIABLES).map(([name, token]) => [`--mantine-color-${name}`, toVariable(token)]),
    ),
    '--mantine-primary-color-contrast': 'var(--color-on-accent)',
  };
  return { variables: { ...scales }, light: { ...light, ...references }, dark: { ...dark, ...references } };
};
