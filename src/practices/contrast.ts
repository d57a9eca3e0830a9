/** Minimum contrast ratio for text of normal size, WCAG 2.2 §1.4.3. */
export const MIN_CONTRAST = 4.5;

/** Returns the contrast ratio (WCAG 2.2) of a color with white, from 1 to 21. @param color `#rrggbb` */
export const contrastWithWhite = (color: string): number => 1.05 / (luminance(color) + 0.05);

/** Returns the relative luminance of an sRGB color (WCAG 2.2). @param color `#rrggbb` */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => toLinear(Number.parseInt(color.slice(at, at + 2), 16)));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function toLinear(channel: number): number {
  const value = channel / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
