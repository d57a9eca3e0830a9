/** A vital sign with its LOINC and UCUM codes. `profile` is the last part of the US Core profile's URL. */
export interface VitalSign {
  readonly loinc: string;
  readonly display: string;
  readonly plain: string;
  readonly ucum: string;
  readonly unit: string;
  readonly decimals: number;
  readonly spread: number;
  readonly profile: string;
  /** A second LOINC code for the same measurement, which some apps search for. */
  readonly also?: readonly [loinc: string, display: string];
}

const vitalSign = (
  loinc: string,
  display: string,
  plain: string,
  ucum: string,
  unit: string,
  decimals: number,
  spread: number,
  profile: string,
  also?: VitalSign['also'],
): VitalSign => ({ loinc, display, plain, ucum, unit, decimals, spread, profile, ...(also && { also }) });

export const VITALS = {
  waist: vitalSign(
    '8280-0',
    'Waist Circumference at umbilicus by Tape measure',
    'Waist',
    'cm',
    'cm',
    0,
    1,
    'us-core-vital-signs',
  ),
  systolic: vitalSign(
    '8480-6',
    'Systolic blood pressure',
    'Systolic blood pressure',
    'mm[Hg]',
    'mmHg',
    0,
    5,
    'us-core-blood-pressure',
  ),
  /** Systolic blood pressure after a minute of standing, measured only at some visits. */
  standingSystolic: vitalSign(
    '8480-6',
    'Systolic blood pressure',
    'Systolic blood pressure, standing',
    'mm[Hg]',
    'mmHg',
    0,
    3,
    'us-core-vital-signs',
  ),
  diastolic: vitalSign(
    '8462-4',
    'Diastolic blood pressure',
    'Diastolic blood pressure',
    'mm[Hg]',
    'mmHg',
    0,
    3.5,
    'us-core-blood-pressure',
  ),
  pulse: vitalSign('8867-4', 'Heart rate', 'Heart rate', '/min', 'beats/min', 0, 4, 'us-core-heart-rate'),
  respirations: vitalSign(
    '9279-1',
    'Respiratory rate',
    'Breathing rate',
    '/min',
    'breaths/min',
    0,
    1,
    'us-core-respiratory-rate',
  ),
  temperature: vitalSign('8310-5', 'Body temperature', 'Temperature', 'Cel', '°C', 1, 0.15, 'us-core-body-temperature'),
  saturation: vitalSign(
    '59408-5',
    'Oxygen saturation in Arterial blood by Pulse oximetry',
    'Oxygen saturation',
    '%',
    '%',
    0,
    0.7,
    'us-core-pulse-oximetry',
    ['2708-6', 'Oxygen saturation in Arterial blood'],
  ),
  weight: vitalSign('29463-7', 'Body weight', 'Weight', 'kg', 'kg', 1, 0, 'us-core-body-weight'),
  height: vitalSign('8302-2', 'Body height', 'Height', 'cm', 'cm', 1, 0, 'us-core-body-height'),
  bmi: vitalSign('39156-5', 'Body mass index (BMI) [Ratio]', 'Body mass index', 'kg/m2', 'kg/m2', 1, 0, 'us-core-bmi'),
  headCircumference: vitalSign(
    '9843-4',
    'Head Occipital-frontal circumference',
    'Head circumference',
    'cm',
    'cm',
    1,
    0.1,
    'us-core-head-circumference',
    ['8287-5', 'Head Occipital-frontal circumference by Tape measure'],
  ),
  bmiPercentile: vitalSign(
    '59576-9',
    'Body mass index (BMI) [Percentile] Per age and sex',
    'Body mass index, percentile for age',
    '%',
    '%',
    0,
    0,
    'pediatric-bmi-for-age',
  ),
  weightPercentile: vitalSign(
    '77606-2',
    'Weight-for-length Per age and sex',
    'Weight for length, percentile',
    '%',
    '%',
    0,
    0,
    'pediatric-weight-for-height',
  ),
  headPercentile: vitalSign(
    '8289-1',
    'Head Occipital-frontal circumference Percentile',
    'Head circumference, percentile',
    '%',
    '%',
    0,
    0,
    'head-occipital-frontal-circumference-percentile',
  ),
} satisfies Record<string, VitalSign>;

export type VitalKey = keyof typeof VITALS;
