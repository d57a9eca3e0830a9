/** Fonts of the reader's system. Nothing is downloaded. */
export const FONTS = {
  body: "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
  code: "ui-monospace, 'Cascadia Mono', 'Segoe UI Mono', 'Liberation Mono', Menlo, Consolas, monospace",
} as const;

export const FONT_SIZES = {
  small: '0.875rem',
  body: '1.0625rem',
  /** Pages for staff and administrators, who read long lists. */
  dense: '0.9375rem',
  lead: '1.1875rem',
  heading3: '1.125rem',
  heading2: '1.3125rem',
  heading1: '1.875rem',
} as const;

/** Converts a size in rem to pixels, for readers without rem, at the default size of 16 pixels. */
export const toPixels = (rem: string): string => `${Number.parseFloat(rem) * 16}px`;

export const SPACING = {
  xs: '0.25rem',
  sm: '0.5rem',
  md: '0.75rem',
  lg: '1.25rem',
  xl: '2rem',
  xxl: '3rem',
} as const;

export const RADIUS = { sm: '0.25rem', md: '0.5rem', lg: '0.75rem', full: '999px' } as const;

export const SHADOWS = {
  card: '0 1px 2px rgb(16 32 40 / 8%)',
  menu: '0 8px 28px rgb(16 32 40 / 20%)',
} as const;

/** Durations of transitions. They are zero for readers who asked their device for reduced motion. */
export const MOTION = { fast: '120ms', normal: '200ms' } as const;

/**
 * Window widths at which the layout changes. Media queries can't read them, so stylesheets repeat them, and a test
 * compares.
 */
export const BREAKPOINTS = {
  /**
   * From this width the navigation is a row. Narrower windows have a menu with it and all that doesn't fit in the
   * header.
   */
  navigation: '64rem',
} as const;

/** Widths of columns. */
export const WIDTHS = {
  /** One step of a task: sign-in, enrollment, consent. */
  step: '38rem',
  /** Running text, so that a line has at most about 75 characters. */
  text: '44rem',
  /** Pages with navigation. */
  page: '72rem',
} as const;
