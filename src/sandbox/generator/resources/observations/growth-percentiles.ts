import { roundTo } from '../../../codes/coding.ts';
import { type Trend, valueAt } from '../../../scenarios/trend.ts';

type GrowthChartSex = 'female' | 'male';

/**
 * Median BMI by age in years, after the WHO (under 2) and CDC growth charts, rounded to a tenth: close enough for
 * made-up children, not for real ones.
 */
const BMI: Record<GrowthChartSex, Trend> = {
  male: [
    [-2, 16.6],
    [-3, 16.0],
    [-4, 15.6],
    [-5, 15.4],
    [-6, 15.4],
    [-8, 15.8],
    [-10, 16.6],
    [-12, 17.8],
    [-14, 19.1],
    [-16, 20.5],
    [-20, 23.0],
  ],
  female: [
    [-2, 16.4],
    [-3, 15.7],
    [-4, 15.3],
    [-5, 15.2],
    [-6, 15.2],
    [-8, 15.8],
    [-10, 16.8],
    [-12, 18.1],
    [-14, 19.4],
    [-16, 20.5],
    [-20, 21.8],
  ],
};
const HEAD: Record<GrowthChartSex, Trend> = {
  male: [
    [0, 34.5],
    [-0.167, 39.1],
    [-0.333, 41.6],
    [-0.5, 43.3],
    [-0.75, 45.0],
    [-1, 46.1],
    [-1.5, 47.4],
    [-2, 48.3],
  ],
  female: [
    [0, 33.9],
    [-0.167, 38.3],
    [-0.333, 40.6],
    [-0.5, 42.2],
    [-0.75, 43.8],
    [-1, 44.9],
    [-1.5, 46.2],
    [-2, 47.2],
  ],
};
/**
 * Median weight in kilograms by length in centimeters. `valueAt` expects points in descending order, so each length is
 * stored as a negative number.
 */
const WEIGHT: Trend = [
  [-49, 3.2],
  [-55, 4.5],
  [-60, 5.9],
  [-65, 7.3],
  [-70, 8.4],
  [-75, 9.4],
  [-80, 10.4],
  [-85, 11.5],
  [-90, 12.7],
];

export const bmiPercentile = (bmi: number, age: number, sex: GrowthChartSex): number =>
  percentile(bmi, valueAt(BMI[sex], -age), 0.1);
export const headPercentile = (centimetres: number, age: number, sex: GrowthChartSex): number =>
  percentile(centimetres, valueAt(HEAD[sex], -age), 0.032);
export const weightPercentile = (kilograms: number, length: number): number =>
  percentile(kilograms, valueAt(WEIGHT, -length), 0.09);

/**
 * Percentile of a value in a log-normal distribution with the given median and coefficient of variation, clamped to
 * 1–99.
 */
const percentile = (value: number, median: number, variation: number): number =>
  Math.min(99, Math.max(1, roundTo(100 * normalCdf(Math.log(value / median) / variation), 0)));

/**
 * Returns the cumulative normal distribution, in its logistic approximation (Bowling et al. 2009; error below 0.0002).
 */
const normalCdf = (z: number): number => 1 / (1 + Math.exp(-0.07056 * z ** 3 - 1.5976 * z));
