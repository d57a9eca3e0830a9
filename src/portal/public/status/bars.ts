import { html } from 'ghtml';
import { dayOf, type Frame, numberOf, wordsIn } from '../../../words/index.ts';
import type { ComponentStatus } from './status.ts';

/** A day with a lower share of successful probes is displayed as bad. */
const BAD = 0.9;
const BAR = { width: 6, pitch: 8, height: 34 };
/** Most days that are named in the text alternative. Beyond that only their number is given. */
const MOST_NAMED = 10;

type Quality = 'good' | 'some' | 'bad' | 'none';

export const qualityOf = (uptime: number | undefined): Quality =>
  uptime === undefined ? 'none' : uptime === 1 ? 'good' : uptime >= BAD ? 'some' : 'bad';

/**
 * Formats a share as a percentage, such as 99.95 %. It is rounded down, so that anything below 100 %
 * never displays as 100 %.
 */
export function shareText({ language }: Frame, uptime: number): string {
  const cut = Math.floor(uptime * 10_000) / 10_000;
  return numberOf(language, cut, { style: 'percent', maximumFractionDigits: 2 });
}

/** Renders one bar for each day as an SVG image with a text alternative. Bars differ in height as well as color. */
export function dayBars(context: Frame, { component, good, days }: ComponentStatus): string {
  const { status: w } = wordsIn(context.language).publicPages;
  const share = good === undefined ? w.neverLooked : w.good(shareText(context, good));
  const label = w.label(w.components[component], share.replace(/\.$/, ''), badDaysText(context, days));
  const width = days.length * BAR.pitch - (BAR.pitch - BAR.width);
  return html`
<svg class="days" viewBox="0 0 ${width} ${BAR.height}" role="img" aria-label="${label}" preserveAspectRatio="none">!${days.map((day, index) => bar(qualityOf(day.good), index)).join('')}</svg>`;
}

const HEIGHTS: Readonly<Record<Quality, number>> = { good: BAR.height, some: 24, bad: 14, none: 4 };

const bar = (quality: Quality, index: number): string =>
  html`<rect class="${quality}" x="${index * BAR.pitch}" y="${BAR.height - HEIGHTS[quality]}" width="${BAR.width}" height="${HEIGHTS[quality]}"/>`;

export function badDaysText({ language }: Frame, days: ComponentStatus['days']): string {
  const { status: w } = wordsIn(language).publicPages;
  const bad = days.filter(({ good }) => good !== undefined && good < 1).map(({ day }) => nameOf(language, day));
  if (bad.length === 0) return w.noBadDays;
  const named = bad.slice(-MOST_NAMED).join('; ');
  return w.badDays(bad.length > MOST_NAMED ? `${bad.length} (${named})` : named);
}

const nameOf = (language: Frame['language'], day: string): string =>
  dayOf(language, new Date(`${day}T00:00:00Z`), 'UTC');
