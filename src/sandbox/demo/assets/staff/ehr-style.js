// The style of the system that opened the app: `smart_style_url` of the token response. SMART App Launch 2.2, styling
const KINDS = { color: 'color', dim: 'width', font: 'font-family' };
/** WCAG 2.2 §1.4.3, contrast of text. */
const MIN_CONTRAST = 4.5;

/**
 * Sets the style's values as custom properties such as `--ehr-color-text`. staff.css decides where they apply: colors in
 * light mode only, because the style has no dark colors. A style that can't be read doesn't matter.
 */
export async function applyStyle(url) {
  const style = await fetch(url)
    .then((response) => (response.ok ? response.json() : {}))
    .catch(() => ({}));
  for (const [name, value] of Object.entries(style)) {
    const [kind] = name.split('_');
    if (KINDS[kind] === undefined || !CSS.supports(KINDS[kind], value)) continue;
    if (kind === 'color' && !isReadable(style)) continue;
    document.documentElement.style.setProperty(`--ehr-${name.replaceAll('_', '-')}`, value);
  }
}

/** Whether text and links of the style can be read on its background. */
export const isReadable = ({
  color_text: text,
  color_highlight: link,
  color_error: error,
  color_background: background,
}) => [text, link, error].every((color) => contrast(color, background) >= MIN_CONTRAST);

/** Contrast of two colors such as #1a2b3c. NaN, which is never enough, for colors in other notations. */
function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance(color) {
  const channels = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color)?.slice(1) ?? [];
  const [red, green, blue] = channels
    .map((hex) => Number.parseInt(hex, 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
