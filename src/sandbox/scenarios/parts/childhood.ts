import type { VitalKey } from '../../codes/vital-signs.ts';
import { months, type YearsAgo } from '../calendar.ts';
import type { ScenarioPart } from '../scenario.ts';
import type { Trend } from '../trend.ts';

type GrowthCurve = readonly (readonly [month: number, value: number])[];

/** Median growth by age in months (WHO, CDC): weight in kilograms, height and head circumference in centimeters. */
const WEIGHT: GrowthCurve = [
  [0, 3.3],
  [1, 4.4],
  [2, 5.4],
  [4, 6.8],
  [6, 7.7],
  [9, 8.8],
  [12, 9.5],
  [15, 10.2],
  [18, 10.8],
  [24, 12.5],
  [36, 14.3],
  [48, 16.3],
  [60, 18.4],
  [72, 20.6],
  [84, 23],
  [96, 25.5],
  [108, 28.5],
  [120, 32],
  [144, 40.5],
  [168, 50.5],
  [192, 60],
  [216, 66],
];
const HEIGHT: GrowthCurve = [
  [0, 49.8],
  [1, 54.3],
  [2, 58],
  [4, 63.4],
  [6, 67],
  [9, 71.5],
  [12, 75.3],
  [15, 78.7],
  [18, 81.9],
  [24, 87],
  [36, 95.5],
  [48, 102.5],
  [60, 109.2],
  [72, 115.5],
  [84, 121.8],
  [96, 127.6],
  [108, 133],
  [120, 138.2],
  [144, 149.5],
  [168, 163],
  [192, 172.5],
  [216, 176],
];
const HEAD: GrowthCurve = [
  [0, 34.2],
  [2, 38.7],
  [4, 41.1],
  [6, 42.8],
  [9, 44.5],
  [12, 45.6],
  [18, 46.9],
  [24, 47.8],
];

const scaledTrend = (growth: GrowthCurve, age: number, factor: number): Trend =>
  growth.map(([month, value]) => [age - months(month), value * factor]);

/** Usual vital signs by age in months. */
const USUAL_VITALS: Partial<Record<VitalKey, GrowthCurve>> = {
  pulse: [
    [0, 140],
    [12, 120],
    [36, 104],
    [72, 92],
    [120, 84],
    [180, 74],
  ],
  respirations: [
    [0, 40],
    [12, 28],
    [36, 24],
    [72, 20],
    [144, 17],
  ],
  systolic: [
    [36, 92],
    [72, 97],
    [120, 104],
    [180, 114],
  ],
  diastolic: [
    [36, 54],
    [72, 60],
    [120, 64],
    [180, 70],
  ],
};

/**
 * Builds the growth of a child.
 * @param age age of the child in years
 * @param build size of the child relative to the median
 */
export const growth = (age: number, build = 1): ScenarioPart => ({
  vitals: {
    weight: scaledTrend(WEIGHT, age, build ** 2.2),
    height: scaledTrend(HEIGHT, age, build),
    headCircumference: scaledTrend(HEAD, age, build ** 0.5),
    ...Object.fromEntries(Object.entries(USUAL_VITALS).map(([key, usual]) => [key, scaledTrend(usual, age, 1)])),
  },
});

const WELL_CHILD = [
  0.1, 1, 2, 4, 6, 9, 12, 15, 18, 24, 30, 36, 48, 60, 72, 84, 96, 108, 120, 132, 138, 144, 156, 168, 180,
];

/**
 * Builds the well-child visits since the child became a patient of the practice. The first visit of a newborn records
 * the weeks of gestation.
 * @param age age of the child in years
 * @param since when the child became a patient
 */
export const wellChild = (age: number, since: YearsAgo, born?: 'bornEarly' | 'bornAtTerm'): ScenarioPart => ({
  visits: WELL_CHILD.map((month) => age - months(month))
    .filter((at) => at <= since && at > 0.02)
    .map((at, index) => ({
      kind: 'wellChild',
      at,
      by: 'pediatrics',
      ...(index === 0 && born !== undefined ? { coded: [born] } : {}),
    })),
});

export const leadTest = (age: number): ScenarioPart => ({
  labs: [{ panel: 'lead', every: 1, from: age - 0.98, until: age - 2.2 }],
});
