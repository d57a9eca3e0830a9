import { codeableConcept, type SandboxConcept } from './coding.ts';

type DoseForm = 'tablet' | 'capsule' | 'puff' | 'units' | 'mL' | 'application' | 'injection';

/** A medication: RxNorm code and display, the plain name that patients use, and the unit of a dose. */
type MedicineRow = readonly [rxnorm: string, display: string, plain: string, form: DoseForm];

// biome-ignore format: a table, one row a line
const ROWS = {
  metformin: ['860975', '24 HR metformin hydrochloride 500 MG Extended Release Oral Tablet', 'Metformin 500 mg, extended release', 'tablet'],
  empagliflozin: ['1545658', 'empagliflozin 10 MG Oral Tablet', 'Empagliflozin 10 mg', 'tablet'],
  linagliptin: ['1100702', 'linagliptin 5 MG Oral Tablet', 'Linagliptin 5 mg', 'tablet'],
  glargine: ['311041', 'insulin glargine 100 UNT/ML Injectable Solution', 'Insulin glargine', 'units'],
  lisinopril10: ['314076', 'lisinopril 10 MG Oral Tablet', 'Lisinopril 10 mg', 'tablet'],
  lisinopril20: ['314077', 'lisinopril 20 MG Oral Tablet', 'Lisinopril 20 mg', 'tablet'],
  losartan: ['979492', 'losartan potassium 50 MG Oral Tablet', 'Losartan 50 mg', 'tablet'],
  amlodipine: ['197361', 'amlodipine 5 MG Oral Tablet', 'Amlodipine 5 mg', 'tablet'],
  hydrochlorothiazide: ['310798', 'hydrochlorothiazide 25 MG Oral Tablet', 'Hydrochlorothiazide 25 mg', 'tablet'],
  atorvastatin20: ['617310', 'atorvastatin 20 MG Oral Tablet', 'Atorvastatin 20 mg', 'tablet'],
  atorvastatin80: ['259255', 'atorvastatin 80 MG Oral Tablet', 'Atorvastatin 80 mg', 'tablet'],
  simvastatin: ['312961', 'simvastatin 20 MG Oral Tablet', 'Simvastatin 20 mg', 'tablet'],
  aspirin: ['243670', 'aspirin 81 MG Oral Tablet', 'Aspirin 81 mg', 'tablet'],
  clopidogrel: ['309362', 'clopidogrel 75 MG Oral Tablet', 'Clopidogrel 75 mg', 'tablet'],
  metoprolol25: ['866427', '24 HR metoprolol succinate 25 MG Extended Release Oral Tablet', 'Metoprolol 25 mg, extended release', 'tablet'],
  metoprolol100: ['866412', '24 HR metoprolol succinate 100 MG Extended Release Oral Tablet', 'Metoprolol 100 mg, extended release', 'tablet'],
  furosemide: ['313988', 'furosemide 40 MG Oral Tablet', 'Furosemide 40 mg', 'tablet'],
  warfarin: ['855332', 'warfarin sodium 5 MG Oral Tablet', 'Warfarin 5 mg', 'tablet'],
  apixaban: ['1364445', 'apixaban 5 MG Oral Tablet', 'Apixaban 5 mg', 'tablet'],
  levothyroxine: ['966222', 'levothyroxine sodium 0.075 MG Oral Tablet', 'Levothyroxine 75 mcg', 'tablet'],
  sertraline50: ['312941', 'sertraline 50 MG Oral Tablet', 'Sertraline 50 mg', 'tablet'],
  sertraline100: ['312938', 'sertraline 100 MG Oral Tablet', 'Sertraline 100 mg', 'tablet'],
  fluoxetine: ['310385', 'fluoxetine 20 MG Oral Capsule', 'Fluoxetine 20 mg', 'capsule'],
  methylphenidate: ['1091392', 'methylphenidate hydrochloride 20 MG Oral Tablet', 'Methylphenidate 20 mg', 'tablet'],
  donepezil: ['997223', 'donepezil hydrochloride 10 MG Oral Tablet', 'Donepezil 10 mg', 'tablet'],
  albuterol: ['2123111', 'NDA020503 200 ACTUAT albuterol 0.09 MG/ACTUAT Metered Dose Inhaler', 'Albuterol inhaler', 'puff'],
  fluticasone: ['895994', '120 ACTUAT fluticasone propionate 0.044 MG/ACTUAT Metered Dose Inhaler', 'Fluticasone inhaler', 'puff'],
  salmeterol: ['896209', '60 ACTUAT fluticasone propionate 0.25 MG/ACTUAT / salmeterol 0.05 MG/ACTUAT Dry Powder Inhaler', 'Fluticasone and salmeterol inhaler', 'puff'],
  prednisone: ['312615', 'prednisone 20 MG Oral Tablet', 'Prednisone 20 mg', 'tablet'],
  methotrexate: ['105585', 'methotrexate 2.5 MG Oral Tablet', 'Methotrexate 2.5 mg', 'tablet'],
  hydroxychloroquine: ['979092', 'hydroxychloroquine sulfate 200 MG Oral Tablet', 'Hydroxychloroquine 200 mg', 'tablet'],
  letrozole: ['200064', 'letrozole 2.5 MG Oral Tablet', 'Letrozole 2.5 mg', 'tablet'],
  alendronate: ['904419', 'alendronic acid 10 MG Oral Tablet', 'Alendronate 10 mg', 'tablet'],
  allopurinol: ['197319', 'allopurinol 100 MG Oral Tablet', 'Allopurinol 100 mg', 'tablet'],
  omeprazole: ['198051', 'omeprazole 20 MG Delayed Release Oral Capsule', 'Omeprazole 20 mg', 'capsule'],
  iron: ['310325', 'ferrous sulfate 325 MG Oral Tablet', 'Iron (ferrous sulfate) 325 mg', 'tablet'],
  sevelamer: ['749206', 'sevelamer carbonate 800 MG Oral Tablet', 'Sevelamer 800 mg', 'tablet'],
  epoetin: ['205923', '1 ML epoetin alfa 4000 UNT/ML Injection [Epogen]', 'Epoetin alfa 4,000 units', 'injection'],
  cetirizine: ['1014678', 'cetirizine hydrochloride 10 MG Oral Tablet', 'Cetirizine 10 mg', 'tablet'],
  loratadine: ['311372', 'loratadine 10 MG Oral Tablet', 'Loratadine 10 mg', 'tablet'],
  acetaminophen: ['313782', 'acetaminophen 325 MG Oral Tablet', 'Acetaminophen 325 mg', 'tablet'],
  ibuprofen: ['310965', 'ibuprofen 200 MG Oral Tablet', 'Ibuprofen 200 mg', 'tablet'],
  naproxen: ['198014', 'naproxen 500 MG Oral Tablet', 'Naproxen 500 mg', 'tablet'],
  amoxicillinLiquid: ['308189', 'amoxicillin 80 MG/ML Oral Suspension', 'Amoxicillin liquid', 'mL'],
  amoxicillin: ['308191', 'amoxicillin 500 MG Oral Capsule', 'Amoxicillin 500 mg', 'capsule'],
  azithromycin: ['308460', 'azithromycin 250 MG Oral Tablet', 'Azithromycin 250 mg', 'tablet'],
  nitrofurantoin: ['311995', 'nitrofurantoin, macrocrystals 50 MG Oral Capsule', 'Nitrofurantoin 50 mg', 'capsule'],
  epinephrineChild: ['727316', '0.3 ML epinephrine 0.5 MG/ML Auto-Injector', 'Epinephrine auto-injector for children, 0.15 mg', 'injection'],
  hydrocortisone: ['106258', 'hydrocortisone 10 MG/ML Topical Cream', 'Hydrocortisone cream', 'application'],
} satisfies Record<string, MedicineRow>;

export type MedicineKey = keyof typeof ROWS;

export const medicineConcept = (key: MedicineKey): SandboxConcept => {
  const [rxnorm, display, plain] = ROWS[key];
  return codeableConcept('rxnorm', rxnorm, display, plain);
};

export const medicineName = (key: MedicineKey): string => ROWS[key][2];

/** UCUM code and unit of one dose. */
const DOSE_UNITS: Record<DoseForm, readonly [code: string, unit: string]> = {
  tablet: ['{tbl}', 'tablet'],
  capsule: ['{capsule}', 'capsule'],
  puff: ['{puff}', 'puff'],
  units: ['[iU]', 'units'],
  mL: ['mL', 'mL'],
  application: ['{application}', 'application'],
  injection: ['{injection}', 'injection'],
};

export const doseUnit = (key: MedicineKey): readonly [code: string, unit: string] => DOSE_UNITS[ROWS[key][3]];

const ORAL_ROUTE = codeableConcept('snomed', '26643006', 'Oral route (qualifier value)', 'by mouth');
const ROUTES: Partial<Record<DoseForm, SandboxConcept>> = {
  tablet: ORAL_ROUTE,
  capsule: ORAL_ROUTE,
  mL: ORAL_ROUTE,
  puff: codeableConcept('snomed', '447694001', 'Respiratory tract route (qualifier value)', 'inhaled'),
  units: codeableConcept('snomed', '34206005', 'Subcutaneous route (qualifier value)', 'under the skin'),
  application: codeableConcept('snomed', '6064005', 'Topical route (qualifier value)', 'on the skin'),
};

export const medicineRoute = (key: MedicineKey): SandboxConcept | undefined => ROUTES[ROWS[key][3]];
