import { type Concept, conceptOf } from './coding.ts';

const done = (snomed: string, display: string, plain: string): Concept => conceptOf('snomed', snomed, display, plain);

const PROCEDURES = {
  colonoscopy: done('73761001', 'Colonoscopy (procedure)', 'Colonoscopy'),
  stent: done('415070008', 'Percutaneous coronary intervention (procedure)', 'Opening of a heart vessel, with a stent'),
  lumpectomy: done('392021009', 'Lumpectomy of breast (procedure)', 'Removal of a breast tumor'),
  cast: done('274474001', 'Bone immobilization (procedure)', 'Plaster cast'),
  spirometry: done('127783003', 'Spirometry (procedure)', 'Lung function test'),
  hemodialysis: done('302497006', 'Hemodialysis (procedure)', 'Dialysis'),
  contraceptive: done('65200003', 'Insertion of intrauterine contraceptive device (procedure)', 'Placing of a coil'),
  foodReferral: done('710925007', 'Provision of food (procedure)', 'Help with food from the community'),
} satisfies Record<string, Concept>;

export type ProcedureKey = keyof typeof PROCEDURES;
export const procedureConcept = (key: ProcedureKey): Concept => PROCEDURES[key];

interface Study {
  readonly code: Concept;
  /** LOINC part that US Core uses as the category of the department's reports. */
  readonly section: Concept;
  readonly title: string;
}

const RADIOLOGY = conceptOf('loinc', 'LP29684-5', 'Radiology');
const CARDIOLOGY = conceptOf('loinc', 'LP29708-2', 'Cardiology');
const PATHOLOGY = conceptOf('loinc', 'LP7839-6', 'Pathology');

const STUDIES = {
  chest: {
    code: conceptOf('loinc', '36643-5', 'XR Chest 2 Views', 'X-ray of the chest'),
    section: RADIOLOGY,
    title: 'X-ray of the chest',
  },
  breast: {
    code: conceptOf('loinc', '24606-6', 'MG Breast Screening', 'Mammogram'),
    section: RADIOLOGY,
    title: 'Mammogram',
  },
  bone: {
    code: conceptOf('loinc', '38269-7', 'DXA Skeletal system Views for bone density', 'Bone density'),
    section: RADIOLOGY,
    title: 'Bone density',
  },
  heartTracing: {
    code: conceptOf('loinc', '11524-6', 'EKG study', 'Heart tracing (EKG)'),
    section: CARDIOLOGY,
    title: 'Heart tracing',
  },
  tissue: {
    code: conceptOf('loinc', '11526-1', 'Pathology study', 'Tissue under the microscope'),
    section: PATHOLOGY,
    title: 'Tissue under the microscope',
  },
} satisfies Record<string, Study>;

export type StudyKey = keyof typeof STUDIES;
export const study = (key: StudyKey): Study => STUDIES[key];
