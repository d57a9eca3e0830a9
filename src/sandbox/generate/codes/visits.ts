import { type Coding, type Concept, coding, conceptOf } from './coding.ts';

type PlaceKey = 'clinic' | 'video' | 'hospital' | 'emergency' | 'dialysis';

interface Kind {
  readonly class: Coding;
  readonly type: Concept;
  readonly place: PlaceKey;
  readonly minutes: number;
  /** LOINC type of the visit's note; absent if staff write none. */
  readonly note?: Concept;
}

const AMBULATORY = coding('actCode', 'AMB', 'ambulatory');
const PROGRESS = conceptOf('loinc', '11506-3', 'Progress note');
const HISTORY = conceptOf('loinc', '34117-2', 'History and physical note');

export const VISITS = {
  checkup: {
    class: AMBULATORY,
    type: conceptOf('snomed', '162673000', 'General examination of patient (procedure)', 'Yearly check-up'),
    place: 'clinic',
    minutes: 40,
    note: HISTORY,
  },
  wellChild: {
    class: AMBULATORY,
    type: conceptOf('snomed', '410620009', 'Well child visit (procedure)', 'Well-child visit'),
    place: 'clinic',
    minutes: 30,
    note: PROGRESS,
  },
  followUp: {
    class: AMBULATORY,
    type: conceptOf('snomed', '390906007', 'Follow-up encounter (procedure)', 'Follow-up visit'),
    place: 'clinic',
    minutes: 20,
    note: PROGRESS,
  },
  problem: {
    class: AMBULATORY,
    type: conceptOf('snomed', '185347001', 'Encounter for problem (procedure)', 'Visit for a problem'),
    place: 'clinic',
    minutes: 20,
    note: PROGRESS,
  },
  consult: {
    class: AMBULATORY,
    type: conceptOf('snomed', '11429006', 'Consultation (procedure)', 'Specialist visit'),
    place: 'clinic',
    minutes: 45,
    note: conceptOf('loinc', '11488-4', 'Consult note'),
  },
  prenatal: {
    class: AMBULATORY,
    type: conceptOf('snomed', '424619006', 'Prenatal visit (regime/therapy)', 'Prenatal visit'),
    place: 'clinic',
    minutes: 25,
    note: PROGRESS,
  },
  video: {
    class: coding('actCode', 'VR', 'virtual'),
    type: conceptOf('snomed', '448337001', 'Telemedicine consultation with patient (procedure)', 'Video visit'),
    place: 'video',
    minutes: 25,
    note: PROGRESS,
  },
  emergency: {
    class: coding('actCode', 'EMER', 'emergency'),
    type: conceptOf('snomed', '50849002', 'Emergency room admission (procedure)', 'Emergency visit'),
    place: 'emergency',
    minutes: 260,
    note: conceptOf('loinc', '34111-5', 'Emergency department Note'),
  },
  hospital: {
    class: coding('actCode', 'IMP', 'inpatient encounter'),
    type: conceptOf('snomed', '32485007', 'Hospital admission (procedure)', 'Hospital stay'),
    place: 'hospital',
    minutes: 4 * 24 * 60,
    note: conceptOf('loinc', '18842-5', 'Discharge summary'),
  },
  dialysis: {
    class: AMBULATORY,
    type: conceptOf('snomed', '265764009', 'Renal dialysis (procedure)', 'Dialysis'),
    place: 'dialysis',
    minutes: 240,
  },
} satisfies Record<string, Kind>;

export type VisitKind = keyof typeof VISITS;
export const visitKind = (key: VisitKind): Kind => VISITS[key];
