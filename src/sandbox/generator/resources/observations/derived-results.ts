import { roundTo } from '../../../codes/coding.ts';
import { type AnalyteKey, analyte } from '../../../codes/laboratory.ts';

interface PatientFactors {
  readonly age: number;
  readonly sex: 'female' | 'male';
}

type AnalyteValues = ReadonlyMap<AnalyteKey, number>;

/**
 * Formulas of the results that a laboratory calculates from other results. A result that can't be calculated is left
 * out.
 */
const FORMULAS: Partial<Record<AnalyteKey, (values: AnalyteValues, patient: PatientFactors) => number | undefined>> = {
  egfr: (values, patient) => estimatedFiltrationRate(values.get('creatinine'), patient),
  ldl: (values) => friedewaldLdl(values),
  hematocrit: (values) => (values.get('hemoglobin') ?? 0) * 2.98,
  erythrocytes: (values) => redCellCount(values),
  mch: (values) => ((values.get('hemoglobin') ?? 0) * 10) / redCellCount(values),
  mchc: () => 100 / 2.98,
};

export function deriveResults(measured: AnalyteValues, patient: PatientFactors): AnalyteValues {
  const all = new Map(measured);
  for (const key of measured.keys()) {
    const formula = FORMULAS[key];
    if (formula === undefined) continue;
    const value = formula(measured, patient);
    if (value === undefined) all.delete(key);
    else all.set(key, roundTo(value, analyte(key).decimals));
  }
  return all;
}

const redCellCount = (values: AnalyteValues): number =>
  ((values.get('hemoglobin') ?? 0) * 2.98 * 10) / (values.get('mcv') ?? 90);

/** eGFR by the CKD-EPI 2021 equation, in mL/min/1.73 m². Undefined for children. */
export function estimatedFiltrationRate(
  creatinine: number | undefined,
  { age, sex }: PatientFactors,
): number | undefined {
  if (creatinine === undefined || age < 18) return undefined;
  const [kappa, alpha, factor] = sex === 'female' ? [0.7, -0.241, 1.012] : [0.9, -0.302, 1];
  const ratio = creatinine / kappa;
  return 142 * Math.min(ratio, 1) ** alpha * Math.max(ratio, 1) ** -1.2 * 0.9938 ** age * factor;
}

/**
 * LDL by Friedewald's formula, in mg/dL. Undefined if triglycerides are above 400 mg/dL, where the formula is not
 * valid.
 */
export function friedewaldLdl(values: AnalyteValues): number | undefined {
  const [total, hdl, triglycerides] = [values.get('cholesterol'), values.get('hdl'), values.get('triglycerides')];
  if (total === undefined || hdl === undefined || triglycerides === undefined || triglycerides > 400) return undefined;
  return total - hdl - triglycerides / 5;
}
