import type { Words } from '../../words/index.ts';
import { documentEntry } from './documents.ts';
import { appointment } from './entries/appointments.ts';
import { device } from './entries/devices.ts';
import type { Describe } from './entries/entry.ts';
import { relative } from './entries/family.ts';
import { allergy, problem, vaccination, visit } from './entries/health.ts';
import { bill, coverage } from './entries/insurance.ts';
import { given, handedOut, prescribed, taken } from './entries/medicines.ts';
import { goal, plan, team } from './entries/plans.ts';
import { answers } from './entries/questionnaires.ts';
import { order, picture, procedure, report, sample } from './entries/treatment.ts';

export type SectionName = keyof Words['account']['own']['sections'];
type GroupName = keyof Words['account']['own']['groups'];

/** Entries of one type that are listed together. */
export interface Group {
  /** Heading and address of the group, in sections with several groups. */
  readonly name?: GroupName;
  readonly type: string;
  readonly describe: Describe;
  /** Limits the group to entries after (`coming`) or before now, by the type's main date. */
  readonly part?: 'coming' | 'earlier';
}

/** Sections that are lists of entries. The remaining sections have their own renderers. */
export const SECTIONS: Readonly<Partial<Record<SectionName, readonly Group[]>>> = {
  problems: [{ type: 'Condition', describe: problem }],
  family: [{ type: 'FamilyMemberHistory', describe: relative }],
  medicines: [
    { name: 'prescribed', type: 'MedicationRequest', describe: prescribed },
    { name: 'taken', type: 'MedicationStatement', describe: taken },
    { name: 'handed-out', type: 'MedicationDispense', describe: handedOut },
    { name: 'given', type: 'MedicationAdministration', describe: given },
  ],
  allergies: [{ type: 'AllergyIntolerance', describe: allergy }],
  vaccinations: [{ type: 'Immunization', describe: vaccination }],
  visits: [{ type: 'Encounter', describe: visit }],
  appointments: [
    { name: 'coming', type: 'Appointment', describe: appointment, part: 'coming' },
    { name: 'earlier', type: 'Appointment', describe: appointment, part: 'earlier' },
  ],
  procedures: [{ type: 'Procedure', describe: procedure }],
  reports: [
    { name: 'reports', type: 'DiagnosticReport', describe: report },
    { name: 'samples', type: 'Specimen', describe: sample },
  ],
  orders: [{ type: 'ServiceRequest', describe: order }],
  plans: [
    { name: 'plans', type: 'CarePlan', describe: plan },
    { name: 'goals', type: 'Goal', describe: goal },
    { name: 'teams', type: 'CareTeam', describe: team },
  ],
  devices: [{ type: 'Device', describe: device }],
  questionnaires: [{ type: 'QuestionnaireResponse', describe: answers }],
  documents: [{ type: 'DocumentReference', describe: documentEntry }],
  pictures: [{ type: 'Media', describe: picture }],
  insurance: [
    { name: 'coverage', type: 'Coverage', describe: coverage },
    { name: 'bills', type: 'ExplanationOfBenefit', describe: bill },
  ],
};
