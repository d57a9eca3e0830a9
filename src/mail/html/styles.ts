import { type ColorScheme, DARK, FONT_SIZES, FONTS, LIGHT, RADIUS, SPACING, toPixels } from '../../design/index.ts';

/** The accent of an email, for light and dark mail clients. Other colors are those of all pages. */
export interface EmailColors {
  readonly light: Pick<ColorScheme, 'accent' | 'accentStrong' | 'onAccent'>;
  readonly dark: Pick<ColorScheme, 'accent' | 'accentStrong' | 'onAccent'>;
}

/** Width of the column in pixels. Narrower windows shrink it. */
export const COLUMN_WIDTH = 600;

/** Colors of the parts of an email. Each part has a class of this name, so that dark clients can replace its colors. */
const toColors = (scheme: ColorScheme) => ({
  page: `background-color:${scheme.background}`,
  card: `background-color:${scheme.surface};border-color:${scheme.line};border-top-color:${scheme.accent}`,
  text: `color:${scheme.text}`,
  muted: `color:${scheme.textMuted}`,
  link: `color:${scheme.accent}`,
  button: `color:${scheme.onAccent};background-color:${scheme.accent};border-color:${scheme.accent}`,
  code: `color:${scheme.text};background-color:${scheme.tint}`,
});
type PartName = keyof ReturnType<typeof toColors>;

const BREAKS = 'overflow-wrap:anywhere;word-break:break-word';
const size = (name: keyof typeof FONT_SIZES, lineHeight = 1.5): string =>
  `font-size:${toPixels(FONT_SIZES[name])};line-height:${lineHeight}`;

const LAYOUTS = {
  body: `margin:0;padding:0;font-family:${FONTS.body};-webkit-text-size-adjust:100%;text-size-adjust:100%`,
  table: 'border-collapse:collapse',
  outer: `padding:${toPixels(SPACING.lg)} ${toPixels(SPACING.md)}`,
  column: `width:100%;max-width:${COLUMN_WIDTH}px;border-collapse:separate`,
  brand: `padding:${toPixels(SPACING.sm)} ${toPixels(SPACING.xs)} ${toPixels(SPACING.md)};font-weight:700;${size('lead', 1.3)};${BREAKS}`,
  card: `padding:${toPixels(SPACING.xl)} ${toPixels(SPACING.lg)} ${toPixels(SPACING.md)};border-style:solid;border-width:4px 1px 1px;border-radius:${toPixels(RADIUS.lg)}`,
  footer: `padding:${toPixels(SPACING.lg)} ${toPixels(SPACING.xs)}`,
  heading: `margin:0 0 ${toPixels(SPACING.lg)};font-weight:700;${size('heading2', 1.3)};${BREAKS}`,
  paragraph: `margin:0 0 ${toPixels(SPACING.lg)};${size('body')};${BREAKS}`,
  list: `margin:0 0 ${toPixels(SPACING.lg)};padding:0 0 0 ${toPixels(SPACING.xl)};${size('body')};${BREAKS}`,
  item: `margin:0 0 ${toPixels(SPACING.sm)}`,
  small: `margin:0 0 ${toPixels(SPACING.sm)};${size('small')};${BREAKS}`,
  url: `margin:0 0 ${toPixels(SPACING.lg)};${size('small')};${BREAKS}`,
  buttonRow: `margin:0 0 ${toPixels(SPACING.md)}`,
  button: `display:inline-block;padding:${toPixels(SPACING.md)} ${toPixels(SPACING.lg)};border-style:solid;border-width:1px;border-radius:${toPixels(RADIUS.md)};font-weight:600;text-decoration:none;${size('body', 1.3)}`,
  link: 'text-decoration:underline',
  code: `display:inline-block;padding:${toPixels(SPACING.sm)} ${toPixels(SPACING.lg)};border-radius:${toPixels(RADIUS.md)};font-family:${FONTS.code};font-size:${toPixels(FONT_SIZES.heading1)};font-weight:700;letter-spacing:0.15em`,
} as const;
type LayoutName = keyof typeof LAYOUTS;

export interface EmailStyles {
  /**
   * Returns an inline style: the layout of an element, and the colors of a part in light clients. Many clients ignore
   * style sheets.
   */
  style(layout: LayoutName, part?: PartName): string;
  /** Style sheet for dark clients. It has only names of classes, numbers and colors. */
  readonly darkStylesheet: string;
}

/** Returns the styles of an email, made of the design tokens. */
export function emailStyles({ light, dark }: EmailColors): EmailStyles {
  const colors = toColors({ ...LIGHT, ...light });
  const rules = Object.entries(toColors({ ...DARK, ...dark })).map(
    ([name, declarations]) => `.${name}{${declarations.replaceAll(/(?=;|$)/g, '!important')}}`,
  );
  return {
    style: (layout, part) => (part === undefined ? LAYOUTS[layout] : `${LAYOUTS[layout]};${colors[part]}`),
    darkStylesheet: `:root{color-scheme:light dark;supported-color-schemes:light dark}@media (prefers-color-scheme:dark){${rules.join('')}}`,
  };
}
