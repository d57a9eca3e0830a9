import type { VaccineKey } from '../../codes/vaccines.ts';
import { months, type YearsAgo } from '../calendar.ts';
import type { ImmunizationPlan, ScenarioPart } from '../scenario.ts';

/**
 * A flu shot every October, some of them at a pharmacy. The latest one was about a month before the sandbox's fixed
 * date in November.
 */
export const fluImmunizations = (years: number, refused: readonly number[] = []): ScenarioPart => ({
  immunizations: Array.from({ length: years }, (_, index) => ({
    vaccine: 'influenza',
    at: index + 0.09,
    ...(refused.includes(index) ? { refused: true } : index % 3 === 1 ? { elsewhere: true } : {}),
  })),
});

/** The first COVID-19 series and a booster in 2021 and 2022, reported by the state registry. */
export const covidImmunizations: ScenarioPart = {
  immunizations: [5.62, 5.55, 4.9].map((at) => ({ vaccine: 'covid', at, elsewhere: true })),
};

export const immunizations = (...given: readonly (readonly [vaccine: VaccineKey, at: YearsAgo])[]): ScenarioPart => ({
  immunizations: given.map(([vaccine, at]) => ({ vaccine, at })),
});

/** Vaccination schedule of the first six years, after the CDC's schedule of those years; ages in months. */
const SCHEDULE: readonly (readonly [vaccine: VaccineKey, ages: readonly number[]])[] = [
  ['hepatitisB', [0, 2, 6]],
  ['rotavirus', [2, 4]],
  ['dtap', [2, 4, 6, 15, 48]],
  ['hib', [2, 4, 12]],
  ['pneumococcal13', [2, 4, 6, 12]],
  ['polio', [2, 4, 6, 48]],
  ['mmr', [12, 48]],
  ['varicella', [12, 48]],
  ['hepatitisA', [12, 18]],
];

const ADOLESCENT: readonly (readonly [vaccine: VaccineKey, ages: readonly number[]])[] = [
  ['tdap', [132]],
  ['hpv', [132, 138]],
  ['meningococcal', [132]],
];

/**
 * Builds the childhood immunizations, given at the scheduled ages. Vaccines from before the child became a patient of
 * the practice were given elsewhere.
 * @param age age of the child in years
 * @param here when the child became a patient
 */
export function childhoodImmunizations(age: number, here: YearsAgo): ScenarioPart {
  const given = [...SCHEDULE, ...ADOLESCENT].flatMap(([vaccine, ages]) =>
    ages.map((month): ImmunizationPlan => ({ vaccine, at: age - months(Math.max(month, 0.05)) })),
  );
  return {
    immunizations: given
      .filter((shot) => shot.at > 0.02)
      .map((shot) => (shot.at > here ? { ...shot, elsewhere: true } : shot)),
  };
}
