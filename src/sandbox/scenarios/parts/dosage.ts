import { englishCounter } from '../../../i18n/index.ts';
import type { DosagePlan } from '../scenario.ts';

/** Builds the dosage of a pill, for example "Take 1 tablet by mouth once a day, with food". */
export function pill(dose: number, perDay: number, extra = '', unit = 'tablet'): DosagePlan {
  const often = ['once', 'twice', '3 times', '4 times'][perDay - 1];
  const text = `Take ${englishCounter(unit, `${unit}s`)(dose)} by mouth ${often} a day${extra === '' ? '' : `, ${extra}`}`;
  return { text, dose, timing: [perDay, 1, 'd'], asNeeded: false };
}

export const capsule = (dose: number, perDay: number, extra = ''): DosagePlan => pill(dose, perDay, extra, 'capsule');

export const asNeeded = (text: string, dose: number, hours: number): DosagePlan => ({
  text,
  dose,
  timing: [1, hours, 'h'],
  asNeeded: true,
});

const countPuffs = englishCounter('puff', 'puffs');

export const puffs = (dose: number, perDay: number): DosagePlan => ({
  text: `Inhale ${countPuffs(dose)} ${perDay === 1 ? 'once' : 'twice'} a day. Rinse your mouth afterwards`,
  dose,
  timing: [perDay, 1, 'd'],
  asNeeded: false,
});

export const rescueInhaler: DosagePlan = asNeeded('Inhale 2 puffs every 4 hours as needed for wheezing', 2, 4);
