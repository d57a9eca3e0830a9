import type { dosage as english } from '../en/dosage.ts';
import { formatNumber, plural } from './plural.ts';

/** Spanish texts for how a medicine is taken. */
export const dosage: typeof english = {
  dose: (dose) => `Dosis: ${dose}`,
  asNeeded: 'según sea necesario',
  moreDirections: 'hay más indicaciones en el expediente',
  timing: (times, period, unit, longest) => {
    const often = plural(times, {
      one: '1 vez',
      many: `${formatNumber(times)} veces`,
      other: `${formatNumber(times)} veces`,
    });
    const [one = unit, other = unit] = TIME_UNITS[unit] ?? [];
    if (longest !== undefined) return `${often} cada ${formatNumber(period)} a ${formatNumber(longest)} ${other}`;
    return period === 1 ? `${often} cada ${one}` : `${often} cada ${formatNumber(period)} ${other}`;
  },
};

const TIME_UNITS: Readonly<Record<string, readonly [string, string]>> = {
  s: ['segundo', 'segundos'],
  min: ['minuto', 'minutos'],
  h: ['hora', 'horas'],
  d: ['día', 'días'],
  wk: ['semana', 'semanas'],
  mo: ['mes', 'meses'],
  a: ['año', 'años'],
};
