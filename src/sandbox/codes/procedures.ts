import { codeableConcept, type SandboxConcept } from './coding.ts';

const procedureRow = (snomed: string, display: string, plain: string): SandboxConcept =>
  codeableConcept('snomed', snomed, display, plain);

const PROCEDURES = {
  colonoscopy: procedureRow('73761001', 'Colonoscopy (procedure)', 'Colonoscopy'),
  stent: procedureRow(
    '415070008',
    'Percutaneous coronary intervention (procedure)',
    'Opening of a heart vessel, with a stent',
  ),
  lumpectomy: procedureRow('392021009', 'Lumpectomy of breast (procedure)', 'Removal of a breast tumor'),
  cast: procedureRow('274474001', 'Bone immobilization (procedure)', 'Plaster cast'),
  spirometry: procedureRow('127783003', 'Spirometry (procedure)', 'Lung function test'),
  hemodialysis: procedureRow('302497006', 'Hemodialysis (procedure)', 'Dialysis'),
  contraceptive: procedureRow(
    '65200003',
    'Insertion of intrauterine contraceptive device (procedure)',
    'Placing of a coil',
  ),
  foodReferral: procedureRow('710925007', 'Provision of food (procedure)', 'Help with food from the community'),
} satisfies Record<string, SandboxConcept>;

export type ProcedureKey = keyof typeof PROCEDURES;
export const procedureConcept = (key: ProcedureKey): SandboxConcept => PROCEDURES[key];

interface DiagnosticStudy {
  readonly code: SandboxConcept;
  /** LOINC part that US Core uses as the category of the department's reports. */
  readonly section: SandboxConcept;
  readonly title: string;
}

const RADIOLOGY = codeableConcept('loinc', 'LP29684-5', 'Radiology');
const CARDIOLOGY = codeableConcept('loinc', 'LP29708-2', 'Cardiology');
const PATHOLOGY = codeableConcept('loinc', 'LP7839-6', 'Pathology');

const STUDIES = {
  chest: {
    code: codeableConcept('loinc', '36643-5', 'XR Chest 2 Views', 'X-ray of the chest'),
    section: RADIOLOGY,
    title: 'X-ray of the chest',
  },
  breast: {
    code: codeableConcept('loinc', '24606-6', 'MG Breast Screening', 'Mammogram'),
    section: RADIOLOGY,
    title: 'Mammogram',
  },
  bone: {
    code: codeableConcept('loinc', '38269-7', 'DXA Skeletal system Views for bone density', 'Bone density'),
    section: RADIOLOGY,
    title: 'Bone density',
  },
  electrocardiogram: {
    code: codeableConcept('loinc', '11524-6', 'EKG study', 'Electrocardiogram (EKG)'),
    section: CARDIOLOGY,
    title: 'Electrocardiogram',
  },
  tissue: {
    code: codeableConcept('loinc', '11526-1', 'Pathology study', 'Tissue under the microscope'),
    section: PATHOLOGY,
    title: 'Tissue under the microscope',
  },
} satisfies Record<string, DiagnosticStudy>;

export type StudyKey = keyof typeof STUDIES;
export const study = (key: StudyKey): DiagnosticStudy => STUDIES[key];
