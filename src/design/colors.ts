/** Colors of one color scheme. All are `#rrggbb`. Text colors have a contrast of 4.5:1 on every background (WCAG 2.2, 1.4.3). */
export interface ColorScheme {
  readonly text: string;
  readonly textMuted: string;
  /** Behind cards, header and tables. */
  readonly background: string;
  /** Cards, header, form fields. */
  readonly surface: string;
  /** Highlighted areas: notes, selected entries, code. */
  readonly tint: string;
  /** Decorative lines between entries. */
  readonly line: string;
  /** Borders of form fields. Their contrast is 3:1 (WCAG 2.2, 1.4.11). */
  readonly lineStrong: string;
  /** Links, buttons and the current entry of a navigation. A practice can replace it. */
  readonly accent: string;
  /** The accent under the pointer, and on a tint. */
  readonly accentStrong: string;
  /** Text on the accent. */
  readonly onAccent: string;
  readonly danger: string;
  readonly dangerTint: string;
  readonly warning: string;
  readonly warningTint: string;
  readonly success: string;
  readonly successTint: string;
  /** Outline of the focused element. */
  readonly focus: string;
}

export const LIGHT: ColorScheme = {
  text: '#17272e',
  textMuted: '#4c5d66',
  background: '#f4f7f8',
  surface: '#ffffff',
  tint: '#e8f2f4',
  line: '#d5dee2',
  lineStrong: '#71828b',
  accent: '#0b5f6b',
  accentStrong: '#084650',
  onAccent: '#ffffff',
  danger: '#b3261e',
  dangerTint: '#fdeceb',
  warning: '#7a4b00',
  warningTint: '#fff3d9',
  success: '#1b6b3a',
  successTint: '#e4f4ea',
  focus: '#1a56c4',
};

export const DARK: ColorScheme = {
  text: '#e6eef1',
  textMuted: '#a9b8bf',
  background: '#0e1518',
  surface: '#151f24',
  tint: '#1d2c33',
  line: '#2e3d45',
  lineStrong: '#8a9aa3',
  accent: '#63c6d3',
  accentStrong: '#93dbe4',
  onAccent: '#06252b',
  danger: '#ff9d94',
  dangerTint: '#3a1d1b',
  warning: '#f3c56b',
  warningTint: '#33280f',
  success: '#7fd6a0',
  successTint: '#12301f',
  focus: '#9cc4ff',
};

/** Ten shades of the accent, from pale to dark. Component libraries need such a list. */
export const ACCENT_SHADES = [
  '#ecf8f9',
  '#d5eef1',
  '#a9dde3',
  '#7bcbd4',
  '#4fb3bf',
  '#2b98a5',
  '#157d8a',
  '#0b5f6b',
  '#084650',
  '#06343c',
] as const;
