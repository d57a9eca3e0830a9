import type { Messages } from '../../i18n/index.ts';
import { describeDocument } from './documents.ts';
import { describeAppointment } from './entries/appointments.ts';
import { describeDevice } from './entries/devices.ts';
import type { EntryDescriber } from './entries/entry.ts';
import { describeRelative } from './entries/family.ts';
import { describeAllergy, describeProblem, describeVaccination, describeVisit } from './entries/health.ts';
import { describeBill, describeCoverage } from './entries/insurance.ts';
import {
  describeAdministration,
  describeDispense,
  describeMedicationStatement,
  describePrescription,
} from './entries/medicines.ts';
import { describeCarePlan, describeCareTeam, describeGoal } from './entries/plans.ts';
import { describeQuestionnaire } from './entries/questionnaires.ts';
import {
  describeImage,
  describeOrder,
  describeProcedure,
  describeReport,
  describeSpecimen,
} from './entries/treatment.ts';

export type RecordSectionName = keyof Messages['patientPortal']['patientRecord']['sections'];
type SectionGroupName = keyof Messages['patientPortal']['patientRecord']['groups'];

/** Resources of one type that a section of the record lists together. */
export interface SectionGroup {
  /** Identifies the heading and URL of the group. Absent if the section has only one group. */
  readonly name?: SectionGroupName;
  readonly type: string;
  readonly describe: EntryDescriber;
  /** Limits the group to resources whose main date is in the future (`coming`) or in the past (`earlier`). */
  readonly period?: 'coming' | 'earlier';
}

/** Sections of the record that are lists of resources. The other sections have their own renderers. */
export const RECORD_SECTIONS: Readonly<Partial<Record<RecordSectionName, readonly SectionGroup[]>>> = {
  problems: [{ type: 'Condition', describe: describeProblem }],
  family: [{ type: 'FamilyMemberHistory', describe: describeRelative }],
  medicines: [
    { type: 'MedicationRequest', describe: describePrescription },
    { type: 'MedicationStatement', describe: describeMedicationStatement },
    { name: 'handed-out', type: 'MedicationDispense', describe: describeDispense },
    { name: 'given', type: 'MedicationAdministration', describe: describeAdministration },
  ],
  allergies: [{ type: 'AllergyIntolerance', describe: describeAllergy }],
  vaccinations: [{ type: 'Immunization', describe: describeVaccination }],
  visits: [{ type: 'Encounter', describe: describeVisit }],
  appointments: [
    { name: 'coming', type: 'Appointment', describe: describeAppointment, period: 'coming' },
    { name: 'earlier', type: 'Appointment', describe: describeAppointment, period: 'earlier' },
  ],
  procedures: [{ type: 'Procedure', describe: describeProcedure }],
  reports: [
    { name: 'reports', type: 'DiagnosticReport', describe: describeReport },
    { name: 'samples', type: 'Specimen', describe: describeSpecimen },
  ],
  orders: [{ type: 'ServiceRequest', describe: describeOrder }],
  plans: [
    { name: 'plans', type: 'CarePlan', describe: describeCarePlan },
    { name: 'goals', type: 'Goal', describe: describeGoal },
    { name: 'teams', type: 'CareTeam', describe: describeCareTeam },
  ],
  devices: [{ type: 'Device', describe: describeDevice }],
  questionnaires: [{ type: 'QuestionnaireResponse', describe: describeQuestionnaire }],
  documents: [{ type: 'DocumentReference', describe: describeDocument }],
  pictures: [{ type: 'Media', describe: describeImage }],
  insurance: [
    { name: 'coverage', type: 'Coverage', describe: describeCoverage },
    { name: 'bills', type: 'ExplanationOfBenefit', describe: describeBill },
  ],
};

/** Sections that list entries under their state, such as current and past, and not under their type. */
export const SPLIT_BY_STATE: readonly RecordSectionName[] = ['medicines'];
