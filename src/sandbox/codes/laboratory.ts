/** Limits of a reference range. An undefined limit leaves the range open at that end. */
type ReferenceRangeBounds = readonly [low: number | undefined, high: number | undefined];

export interface Analyte {
  readonly loinc: string;
  readonly display: string;
  readonly plain: string;
  /** UCUM code of the unit. `unit` holds the same unit as people write it. */
  readonly ucum: string;
  readonly unit: string;
  readonly decimals: number;
  readonly range: { readonly female: ReferenceRangeBounds; readonly male: ReferenceRangeBounds } | undefined;
  /** Typical value of a healthy adult. `spread` is the standard deviation from one blood draw to the next. */
  readonly usual: { readonly female: number; readonly male: number };
  readonly spread: number;
}

type AnalyteRow = readonly [
  loinc: string,
  display: string,
  plain: string,
  ucum: string,
  unit: string,
  decimals: number,
  range: ReferenceRangeBounds | readonly [female: ReferenceRangeBounds, male: ReferenceRangeBounds] | undefined,
  usual: number | readonly [female: number, male: number],
  spread: number,
];

// biome-ignore format: a table, one row a line
const ROWS = {
  glucose: ['2345-7', 'Glucose [Mass/volume] in Serum or Plasma', 'Glucose', 'mg/dL', 'mg/dL', 0, [70, 99], 88, 5],
  urea: ['3094-0', 'Urea nitrogen [Mass/volume] in Serum or Plasma', 'Urea nitrogen (BUN)', 'mg/dL', 'mg/dL', 0, [7, 20], 13, 2],
  creatinine: ['2160-0', 'Creatinine [Mass/volume] in Serum or Plasma', 'Creatinine', 'mg/dL', 'mg/dL', 2, [[0.59, 1.04], [0.74, 1.35]], [0.78, 0.96], 0.04],
  egfr: ['98979-8', 'Glomerular filtration rate/1.73 sq M.predicted [Volume Rate/Area] in Serum, Plasma or Blood by Creatinine-based formula (CKD-EPI 2021)', 'Kidney function (eGFR)', 'mL/min/{1.73_m2}', 'mL/min/1.73 m2', 0, [60, undefined], 95, 0],
  sodium: ['2951-2', 'Sodium [Moles/volume] in Serum or Plasma', 'Sodium', 'mmol/L', 'mmol/L', 0, [135, 145], 140, 1.5],
  potassium: ['2823-3', 'Potassium [Moles/volume] in Serum or Plasma', 'Potassium', 'mmol/L', 'mmol/L', 1, [3.5, 5.1], 4.2, 0.2],
  chloride: ['2075-0', 'Chloride [Moles/volume] in Serum or Plasma', 'Chloride', 'mmol/L', 'mmol/L', 0, [98, 107], 102, 1.5],
  bicarbonate: ['2028-9', 'Carbon dioxide, total [Moles/volume] in Serum or Plasma', 'Carbon dioxide', 'mmol/L', 'mmol/L', 0, [22, 29], 25, 1.2],
  calcium: ['17861-6', 'Calcium [Mass/volume] in Serum or Plasma', 'Calcium', 'mg/dL', 'mg/dL', 1, [8.6, 10.2], 9.4, 0.2],
  protein: ['2885-2', 'Protein [Mass/volume] in Serum or Plasma', 'Protein, total', 'g/dL', 'g/dL', 1, [6, 8.3], 7.1, 0.2],
  albumin: ['1751-7', 'Albumin [Mass/volume] in Serum or Plasma', 'Albumin', 'g/dL', 'g/dL', 1, [3.5, 5], 4.3, 0.15],
  bilirubin: ['1975-2', 'Bilirubin.total [Mass/volume] in Serum or Plasma', 'Bilirubin, total', 'mg/dL', 'mg/dL', 1, [0.1, 1.2], 0.6, 0.12],
  alp: ['6768-6', 'Alkaline phosphatase [Enzymatic activity/volume] in Serum or Plasma', 'Alkaline phosphatase', 'U/L', 'U/L', 0, [40, 129], 72, 7],
  alt: ['1742-6', 'Alanine aminotransferase [Enzymatic activity/volume] in Serum or Plasma', 'ALT', 'U/L', 'U/L', 0, [7, 55], 22, 3],
  ast: ['1920-8', 'Aspartate aminotransferase [Enzymatic activity/volume] in Serum or Plasma', 'AST', 'U/L', 'U/L', 0, [8, 48], 21, 3],
  cholesterol: ['2093-3', 'Cholesterol [Mass/volume] in Serum or Plasma', 'Cholesterol, total', 'mg/dL', 'mg/dL', 0, [undefined, 200], 178, 8],
  triglycerides: ['2571-8', 'Triglyceride [Mass/volume] in Serum or Plasma', 'Triglycerides', 'mg/dL', 'mg/dL', 0, [undefined, 150], 110, 14],
  hdl: ['2085-9', 'Cholesterol in HDL [Mass/volume] in Serum or Plasma', 'HDL cholesterol', 'mg/dL', 'mg/dL', 0, [[50, undefined], [40, undefined]], [58, 48], 3],
  ldl: ['13457-7', 'Cholesterol in LDL [Mass/volume] in Serum or Plasma by calculation', 'LDL cholesterol', 'mg/dL', 'mg/dL', 0, [undefined, 100], 98, 0],
  leukocytes: ['6690-2', 'Leukocytes [#/volume] in Blood by Automated count', 'White blood cells', '10*3/uL', '10*3/uL', 1, [4, 11], 6.6, 0.7],
  erythrocytes: ['789-8', 'Erythrocytes [#/volume] in Blood by Automated count', 'Red blood cells', '10*6/uL', '10*6/uL', 2, [[3.9, 5.1], [4.3, 5.7]], 4.7, 0],
  hemoglobin: ['718-7', 'Hemoglobin [Mass/volume] in Blood', 'Hemoglobin', 'g/dL', 'g/dL', 1, [[12, 15.5], [13.5, 17.5]], [13.6, 15], 0.3],
  hematocrit: ['4544-3', 'Hematocrit [Volume Fraction] of Blood by Automated count', 'Hematocrit', '%', '%', 1, [[35.5, 45], [40, 50]], [41, 45], 0],
  mcv: ['787-2', 'MCV [Entitic volume] by Automated count', 'MCV', 'fL', 'fL', 1, [80, 100], 90, 1.2],
  mch: ['785-6', 'MCH [Entitic mass] by Automated count', 'MCH', 'pg', 'pg', 1, [27, 33], 30, 0],
  mchc: ['786-4', 'MCHC [Mass/volume] by Automated count', 'MCHC', 'g/dL', 'g/dL', 1, [32, 36], 33.4, 0],
  platelets: ['777-3', 'Platelets [#/volume] in Blood by Automated count', 'Platelets', '10*3/uL', '10*3/uL', 0, [150, 450], 245, 18],
  a1c: ['4548-4', 'Hemoglobin A1c/Hemoglobin.total in Blood', 'Hemoglobin A1c', '%', '%', 1, [4, 5.6], 5.3, 0.15],
  urineAlbumin: ['9318-7', 'Albumin/Creatinine [Mass Ratio] in Urine', 'Urine albumin/creatinine ratio', 'mg/g{creat}', 'mg/g', 0, [undefined, 30], 11, 3],
  tsh: ['3016-3', 'Thyrotropin [Units/volume] in Serum or Plasma', 'TSH', 'm[IU]/L', 'mIU/L', 2, [0.4, 4], 1.9, 0.3],
  inr: ['6301-6', 'INR in Platelet poor plasma by Coagulation assay', 'INR', '{INR}', 'INR', 1, [0.8, 1.1], 1, 0.25],
  phosphate: ['2777-1', 'Phosphate [Mass/volume] in Serum or Plasma', 'Phosphate', 'mg/dL', 'mg/dL', 1, [2.5, 4.5], 3.5, 0.4],
  parathyrin: ['2731-8', 'Parathyrin.intact [Mass/volume] in Serum or Plasma', 'Parathyroid hormone', 'pg/mL', 'pg/mL', 0, [15, 65], 38, 8],
  ferritin: ['2276-4', 'Ferritin [Mass/volume] in Serum or Plasma', 'Ferritin', 'ng/mL', 'ng/mL', 0, [[15, 150], [30, 400]], [60, 120], 8],
  ironSaturation: ['2502-3', 'Iron saturation [Mass Fraction] in Serum or Plasma', 'Iron saturation', '%', '%', 0, [20, 50], 30, 3],
  crp: ['1988-5', 'C reactive protein [Mass/volume] in Serum or Plasma', 'C-reactive protein', 'mg/L', 'mg/L', 1, [undefined, 8], 2, 0.5],
  hsCrp: ['30522-7', 'C reactive protein [Mass/volume] in Serum or Plasma by High sensitivity method', 'C-reactive protein, high sensitivity', 'mg/L', 'mg/L', 1, [undefined, 3], 1.4, 0.2],
  sedimentation: ['4537-7', 'Erythrocyte sedimentation rate by Westergren method', 'Sedimentation rate', 'mm/h', 'mm/h', 0, [[undefined, 30], [undefined, 20]], 10, 2],
  urate: ['3084-1', 'Urate [Mass/volume] in Serum or Plasma', 'Uric acid', 'mg/dL', 'mg/dL', 1, [[2.4, 6], [3.4, 7]], 5, 0.4],
  ntProBnp: ['33762-6', 'Natriuretic peptide.B prohormone N-Terminal [Mass/volume] in Serum or Plasma', 'NT-proBNP', 'pg/mL', 'pg/mL', 0, [undefined, 125], 60, 60],
  troponin: ['89579-7', 'Troponin I.cardiac [Mass/volume] in Serum or Plasma by High sensitivity method', 'Troponin I', 'ng/L', 'ng/L', 0, [undefined, 20], 5, 2],
  glucoseChallenge: ['1504-0', 'Glucose [Mass/volume] in Serum or Plasma --1 hour post 50 g glucose PO', 'Glucose, 1 hour after 50 g', 'mg/dL', 'mg/dL', 0, [undefined, 140], 118, 4],
  lead: ['5671-3', 'Lead [Mass/volume] in Blood', 'Lead', 'ug/dL', 'ug/dL', 1, [undefined, 3.5], 1.1, 0.2],
} satisfies Record<string, AnalyteRow>;

export type AnalyteKey = keyof typeof ROWS;

const bySex = <T>(value: unknown, isPair: boolean): { female: T; male: T } =>
  isPair ? { female: (value as T[])[0] as T, male: (value as T[])[1] as T } : { female: value as T, male: value as T };

export function analyte(key: AnalyteKey): Analyte {
  const [loinc, display, plain, ucum, unit, decimals, range, usual, spread] = ROWS[key] as AnalyteRow;
  return {
    loinc,
    display,
    plain,
    ucum,
    unit,
    decimals,
    range: range === undefined ? undefined : bySex<ReferenceRangeBounds>(range, Array.isArray(range[0])),
    usual: bySex<number>(usual, Array.isArray(usual)),
    spread,
  };
}

/**
 * A laboratory order: its analytes and the LOINC code of the panel. The code is absent if the tests are ordered one by
 * one and not as a panel.
 */
interface LaboratoryPanel {
  readonly loinc?: string;
  readonly display?: string;
  readonly plain?: string;
  readonly members: readonly AnalyteKey[];
}

const METABOLIC: readonly AnalyteKey[] = [
  'glucose',
  'urea',
  'creatinine',
  'egfr',
  'sodium',
  'potassium',
  'chloride',
  'bicarbonate',
  'calcium',
];

const PANELS = {
  basic: {
    loinc: '24321-2',
    display: 'Basic metabolic 2000 panel - Serum or Plasma',
    plain: 'Basic metabolic panel',
    members: METABOLIC,
  },
  comprehensive: {
    loinc: '24323-8',
    display: 'Comprehensive metabolic 2000 panel - Serum or Plasma',
    plain: 'Comprehensive metabolic panel',
    members: [...METABOLIC, 'protein', 'albumin', 'bilirubin', 'alp', 'alt', 'ast'],
  },
  lipids: {
    loinc: '24331-1',
    display: 'Lipid 1996 panel - Serum or Plasma',
    plain: 'Cholesterol panel',
    members: ['cholesterol', 'triglycerides', 'hdl', 'ldl'],
  },
  bloodCount: {
    loinc: '58410-2',
    display: 'CBC panel - Blood by Automated count',
    plain: 'Complete blood count',
    members: ['leukocytes', 'erythrocytes', 'hemoglobin', 'hematocrit', 'mcv', 'mch', 'mchc', 'platelets'],
  },
  a1c: { members: ['a1c'] },
  urineAlbumin: { members: ['urineAlbumin'] },
  thyroid: { members: ['tsh'] },
  clotting: { members: ['inr'] },
  mineral: { members: ['phosphate', 'parathyrin'] },
  iron: { members: ['ferritin', 'ironSaturation'] },
  inflammation: { members: ['crp', 'sedimentation'] },
  heartRisk: { members: ['hsCrp'] },
  urate: { members: ['urate'] },
  heartStrain: { members: ['ntProBnp'] },
  heartDamage: { members: ['troponin'] },
  glucoseChallenge: { members: ['glucoseChallenge'] },
  lead: { members: ['lead'] },
} satisfies Record<string, LaboratoryPanel>;

export type PanelKey = keyof typeof PANELS;
export const panel = (key: PanelKey): LaboratoryPanel => PANELS[key];
