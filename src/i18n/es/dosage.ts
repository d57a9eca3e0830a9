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
    const [each = `por ${unit}`, other = unit] = TIME_UNITS[unit] ?? [];
    if (longest !== undefined) return `${often} cada ${formatNumber(period)} a ${formatNumber(longest)} ${other}`;
    return period === 1 ? `${often} ${each}` : `${often} cada ${formatNumber(period)} ${other}`;
  },
};

const TIME_UNITS: Readonly<Record<string, readonly [string, string]>> = {
  s: ['por segundo', 'segundos'],
  min: ['por minuto', 'minutos'],
  h: ['por hora', 'horas'],
  d: ['al día', 'días'],
  wk: ['a la semana', 'semanas'],
  mo: ['al mes', 'meses'],
  a: ['al año', 'años'],
};
