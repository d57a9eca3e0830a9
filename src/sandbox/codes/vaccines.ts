import { codeableConcept, type SandboxConcept } from './coding.ts';

const ROWS = {
  hepatitisB: ['08', 'Hep B, adolescent or pediatric', 'Hepatitis B'],
  rotavirus: ['119', 'rotavirus, monovalent', 'Rotavirus'],
  dtap: ['20', 'DTaP', 'Diphtheria, tetanus, whooping cough (DTaP)'],
  hib: ['49', 'Hib (PRP-OMP)', 'Hib'],
  pneumococcal13: ['133', 'Pneumococcal conjugate PCV 13', 'Pneumococcal (PCV13)'],
  polio: ['10', 'IPV', 'Polio'],
  mmr: ['03', 'MMR', 'Measles, mumps, rubella'],
  varicella: ['21', 'varicella', 'Chickenpox'],
  hepatitisA: ['83', 'Hep A, ped/adol, 2 dose', 'Hepatitis A'],
  influenza: ['140', 'Influenza, seasonal, injectable, preservative free', 'Flu shot'],
  covid: ['208', 'COVID-19, mRNA, LNP-S, PF, 30 mcg/0.3 mL dose', 'COVID-19'],
  tdap: ['115', 'Tdap', 'Tetanus, diphtheria, whooping cough (Tdap)'],
  hpv: ['165', 'HPV9', 'HPV'],
  meningococcal: ['114', 'meningococcal MCV4P', 'Meningitis (MCV4)'],
  pneumococcal20: [
    '216',
    'Pneumococcal conjugate PCV20, polysaccharide CRM197 conjugate, adjuvant, PF',
    'Pneumococcal (PCV20)',
  ],
  zoster: ['187', 'zoster recombinant', 'Shingles'],
  hepatitisBDialysis: ['44', 'hepatitis B vaccine, dialysis patient dosage', 'Hepatitis B, dialysis dose'],
} satisfies Record<string, readonly [cvx: string, display: string, plain: string]>;

export type VaccineKey = keyof typeof ROWS;

export const vaccineConcept = (key: VaccineKey): SandboxConcept => {
  const [cvx, display, plain] = ROWS[key];
  return codeableConcept('cvx', cvx, display, plain);
};

const INTRAMUSCULAR = codeableConcept('snomed', '78421000', 'Intramuscular route (qualifier value)', 'Into the muscle');
const SUBCUTANEOUS = codeableConcept('snomed', '34206005', 'Subcutaneous route (qualifier value)', 'Under the skin');
const ORAL = codeableConcept('snomed', '26643006', 'Oral route (qualifier value)', 'By mouth');
const ROUTES: Partial<Record<VaccineKey, SandboxConcept>> = {
  rotavirus: ORAL,
  mmr: SUBCUTANEOUS,
  varicella: SUBCUTANEOUS,
};

export const vaccineRoute = (key: VaccineKey): SandboxConcept => ROUTES[key] ?? INTRAMUSCULAR;
