import { codeableConcept, coding, type SandboxCoding, type SandboxConcept } from './coding.ts';

type VisitLocationKey = 'clinic' | 'video' | 'hospital' | 'emergency' | 'dialysis';

interface VisitKindDetails {
  readonly class: SandboxCoding;
  readonly type: SandboxConcept;
  readonly location: VisitLocationKey;
  readonly minutes: number;
  /** LOINC type of the visit's note; absent if staff write none. */
  readonly note?: SandboxConcept;
}

const AMBULATORY = coding('actCode', 'AMB', 'ambulatory');
const PROGRESS = codeableConcept('loinc', '11506-3', 'Progress note');
const HISTORY = codeableConcept('loinc', '34117-2', 'History and physical note');

export const VISITS = {
  checkup: {
    class: AMBULATORY,
    type: codeableConcept('snomed', '162673000', 'General examination of patient (procedure)', 'Yearly check-up'),
    location: 'clinic',
    minutes: 40,
    note: HISTORY,
  },
  wellChild: {
    class: AMBULATORY,
    type: codeableConcept('snomed', '410620009', 'Well child visit (procedure)', 'Well-child visit'),
    location: 'clinic',
    minutes: 30,
    note: PROGRESS,
  },
  followUp: {
    class: AMBULATORY,
    type: codeableConcept('snomed', '390906007', 'Follow-up encounter (procedure)', 'Follow-up visit'),
    location: 'clinic',
    minutes: 20,
    note: PROGRESS,
  },
  problem: {
    class: AMBULATORY,
    type: codeableConcept('snomed', '185347001', 'Encounter for problem (procedure)', 'Visit for a problem'),
    location: 'clinic',
    minutes: 20,
    note: PROGRESS,
  },
  consult: {
    class: AMBULATORY,
    type: codeableConcept('snomed', '11429006', 'Consultation (procedure)', 'Specialist visit'),
    location: 'clinic',
    minutes: 45,
    note: codeableConcept('loinc', '11488-4', 'Consult note'),
  },
  prenatal: {
    class: AMBULATORY,
    type: codeableConcept('snomed', '424619006', 'Prenatal visit (regime/therapy)', 'Prenatal visit'),
    location: 'clinic',
    minutes: 25,
    note: PROGRESS,
  },
  video: {
    class: coding('actCode', 'VR', 'virtual'),
    type: codeableConcept('snomed', '448337001', 'Telemedicine consultation with patient (procedure)', 'Video visit'),
    location: 'video',
    minutes: 25,
    note: PROGRESS,
  },
  emergency: {
    class: coding('actCode', 'EMER', 'emergency'),
    type: codeableConcept('snomed', '50849002', 'Emergency room admission (procedure)', 'Emergency visit'),
    location: 'emergency',
    minutes: 260,
    note: codeableConcept('loinc', '34111-5', 'Emergency department Note'),
  },
  hospital: {
    class: coding('actCode', 'IMP', 'inpatient encounter'),
    type: codeableConcept('snomed', '32485007', 'Hospital admission (procedure)', 'Hospital stay'),
    location: 'hospital',
    minutes: 4 * 24 * 60,
    note: codeableConcept('loinc', '18842-5', 'Discharge summary'),
  },
  dialysis: {
    class: AMBULATORY,
    type: codeableConcept('snomed', '265764009', 'Renal dialysis (procedure)', 'Dialysis'),
    location: 'dialysis',
    minutes: 240,
  },
} satisfies Record<string, VisitKindDetails>;

export type VisitKind = keyof typeof VISITS;
export const visitKind = (key: VisitKind): VisitKindDetails => VISITS[key];
