// Chooses the latest vital signs. Units are the source's own, and values are never converted.
import { isAboutAnother, valid } from '../shared/elements.js';
import { results } from '../shared/results.js';

/** LOINC codes of each vital sign. A blood pressure is a panel of two values. */
const CODES = {
  pressure: ['85354-9', '55284-4'],
  weight: ['29463-7', '3141-9'],
  pulse: ['8867-4'],
  temperature: ['8310-5', '8331-1'],
};
/** The two values of a blood pressure, if a source sends them apart. */
const SINGLE_PRESSURES = ['8480-6', '8462-4'];

/** The search parameter `code`: all of these codes. */
export const VITAL_CODES = [...Object.values(CODES).flat(), ...SINGLE_PRESSURES].join(',');

/** Statuses of measurements that have no result, or will have none. */
const WITHOUT_RESULT = ['cancelled', 'registered'];

/**
 * Returns the latest measurement of each vital sign, with the earlier ones in the same unit.
 * @returns `latest`, tests as results() makes them, and `missing`, the keys of vital signs without a measurement
 */
export function latestVitals(observations) {
  const measured = valid(observations).filter((each) => !isAboutAnother(each) && !WITHOUT_RESULT.includes(each.status));
  const tests = results({ Observation: measured })
    .map((test) => ({ ...test, all: test.all.filter(({ isAbsent }) => !isAbsent) }))
    .filter(({ all }) => all.length > 0)
    .map(({ all, ...test }) => ({ ...test, ...all[0], all }));
  const latestOf = (codes) =>
    tests
      .filter((test) => test.codes.some((code) => codes.includes(code)))
      .toSorted((one, other) => (other.time ?? 0) - (one.time ?? 0))[0];
  const found = Object.entries(CODES).map(([key, codes]) => {
    const test = latestOf(codes);
    const others = key === 'pressure' && !test ? SINGLE_PRESSURES.map((code) => latestOf([code])) : [];
    return { key, tests: [test, ...others].filter(Boolean) };
  });
  return {
    latest: found.flatMap((each) => each.tests),
    missing: found.filter((each) => each.tests.length === 0).map(({ key }) => key),
  };
}
