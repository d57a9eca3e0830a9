import type { reviewDeadline as english } from '../en/review-deadline.ts';
import { counts } from './counts.ts';
import { plural } from './plural.ts';

export const reviewDeadline: typeof english = {
  steps: {
    verify: 'Paso 1: verificación del desarrollador',
    enable: 'Paso 2: activación para pacientes reales',
  },
  states: { 'in-time': 'A tiempo', soon: 'Vence pronto', late: 'Atrasada' },
  by: (day) => `a más tardar el ${day}`,
  byAtTheLatest: (day) => `a más tardar el ${day}, si no es antes`,
  left: (count) =>
    count === 0
      ? 'vence hoy'
      : `${plural(count, { one: 'queda', many: 'quedan', other: 'quedan' })} ${counts.businessDays(count)}`,
  late: (count) => (count === 0 ? 'atrasada' : `${counts.businessDays(count)} de retraso`),
  elapsed: (passed, all) =>
    plural(passed, {
      one: `Ha pasado 1 de ${counts.businessDays(all)}`,
      many: `Han pasado ${passed} de ${counts.businessDays(all)}`,
      other: `Han pasado ${passed} de ${counts.businessDays(all)}`,
    }),
  rule: 'Verificamos al desarrollador en un plazo de 10 días hábiles. Activamos la aplicación para pacientes reales en un plazo de 5 días hábiles más. No cuentan los fines de semana ni los feriados federales de EE. UU., y cada día termina a la medianoche, hora del Este. (45 CFR 170.404(b)(1))',
};
