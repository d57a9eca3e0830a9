import { formatLongDate, formatNumber, getMessages, type PageContext } from '../../i18n/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import type { ComponentStatus } from './status.ts';

/** A day is displayed as bad if its share of successful probes, from 0 to 1, is below this number. */
const BAD_BELOW = 0.9;
const BAR = { width: 6, pitch: 8, height: 34 };
/**
 * Maximum number of days with failed probes that the text alternative of the bars names. If there
 * are more, it names the latest and gives the total number.
 */
const MAX_NAMED = 10;

type DayQuality = 'good' | 'some' | 'bad' | 'none';

export const dayQuality = (uptime: number | undefined): DayQuality =>
  uptime === undefined ? 'none' : uptime === 1 ? 'good' : uptime >= BAD_BELOW ? 'some' : 'bad';

/**
 * Formats a share from 0 to 1 as a percentage, such as 99.95 %. Rounds down, so that a share below
 * 1 is never displayed as 100 %.
 */
export function shareText({ language }: PageContext, uptime: number): string {
  const cut = Math.floor(uptime * 10_000) / 10_000;
  return formatNumber(language, cut, { style: 'percent', maximumFractionDigits: 2 });
}

/**
 * Renders the uptime of a component as an SVG image with one bar for each day and a text
 * alternative. Both the height and the color of a bar show the share of that day's probes that were
 * successful.
 */
export function dayBars(context: PageContext, { component, uptime, days }: ComponentStatus): Html {
  const { status: w } = getMessages(context.language).publicSite;
  const share = uptime === undefined ? w.neverLooked : w.uptime(shareText(context, uptime));
  const label = w.label(w.components[component], share.replace(/\.$/, ''), badDaysText(context, days));
  const width = days.length * BAR.pitch - (BAR.pitch - BAR.width);
  return html`
<svg class="days" viewBox="0 0 ${width} ${BAR.height}" role="img" aria-label="${label}" preserveAspectRatio="none">${days.map((day, index) => bar(dayQuality(day.uptime), index))}</svg>`;
}

const HEIGHTS: Readonly<Record<DayQuality, number>> = { good: BAR.height, some: 24, bad: 14, none: 4 };

const bar = (quality: DayQuality, index: number): Html =>
  html`<rect class="${quality}" x="${index * BAR.pitch}" y="${BAR.height - HEIGHTS[quality]}" width="${BAR.width}" height="${HEIGHTS[quality]}"/>`;

export function badDaysText({ language }: PageContext, days: ComponentStatus['days']): string {
  const { status: w } = getMessages(language).publicSite;
  const bad = days
    .filter(({ uptime }) => uptime !== undefined && uptime < 1)
    .map(({ day }) => formatDay(language, day));
  if (bad.length === 0) return w.noBadDays;
  const named = bad.slice(-MAX_NAMED).join('; ');
  return w.badDays(bad.length > MAX_NAMED ? `${bad.length} (${named})` : named);
}

const formatDay = (language: PageContext['language'], day: string): string =>
  formatLongDate(language, new Date(`${day}T00:00:00Z`), 'UTC');
