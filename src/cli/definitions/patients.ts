import type { ArgumentDefinition, CommandDefinition } from '../definition.ts';
import { RELATIONSHIPS } from '../relationships.ts';
import { PRACTICE, PRACTICE_OF_PATIENT } from './shared.ts';

const PATIENT_ID = {
  name: 'PATIENT_ID',
  text: 'The patient, as in patients list',
} as const satisfies ArgumentDefinition;

export const PATIENTS_LIST = {
  name: 'patients list',
  summary: 'List the patients',
  description: 'List the patients with their id, name and practice.',
  examples: ['patients list'],
} as const satisfies CommandDefinition;

export const PATIENTS_ADD = {
  name: 'patients add',
  summary: 'Create an account for a loaded patient',
  description: 'Create an account for a loaded patient and print its username and password.',
  arguments: [PATIENT_ID],
  options: {
    username: { value: 'NAME', text: 'Username (default: a random one)' },
    practice: PRACTICE_OF_PATIENT,
  },
  examples: ['patients add $PATIENT_ID --username ann'],
} as const satisfies CommandDefinition;

export const REPRESENTATIONS_LIST = {
  name: 'representations list',
  summary: 'List who acts for patients, now and in the past',
  description: 'List current and past representations: who acts or acted for which patient.',
  examples: ['representations list'],
} as const satisfies CommandDefinition;

export const REPRESENTATIONS_ADD = {
  name: 'representations add',
  summary: 'Let a person act for a patient',
  description:
    'Let a person act for a patient. For a new username, creates an account and prints its password. An existing account must have the same name.',
  arguments: [PATIENT_ID],
  options: {
    username: { value: 'NAME', text: 'Username of the person', required: true },
    name: { value: 'NAME', text: 'Full name of the person', required: true },
    relationship: { value: 'CODE', text: 'Relationship to the patient', required: true },
    practice: PRACTICE_OF_PATIENT,
  },
  notes: [{ title: 'Relationships', rows: Object.entries(RELATIONSHIPS) }],
  examples: ['representations add $PATIENT_ID --username mary \\\n  --name "Mary Miller" --relationship MTH'],
} as const satisfies CommandDefinition;

export const REPRESENTATIONS_END = {
  name: 'representations end',
  summary: 'End a representation',
  description: 'End a representation. The person and the apps that they connected lose access to the record.',
  arguments: [PATIENT_ID],
  options: {
    username: { value: 'NAME', text: 'Username of the person', required: true },
    practice: PRACTICE_OF_PATIENT,
    reason: { value: 'TEXT', text: 'Reason, for the audit log' },
  },
  examples: ['representations end $PATIENT_ID --username mary'],
} as const satisfies CommandDefinition;

export const RECORD_MERGE = {
  name: 'record merge',
  summary: 'Merge a duplicate patient record into another',
  description:
    'Merge a duplicate patient record into another. Access to the duplicate ends. Everyone who had access is notified by email and listed, so that the practice can invite them to the other record.',
  arguments: [{ name: 'PATIENT_ID', text: 'The duplicate, as in patients list' }],
  options: {
    into: { value: 'PATIENT_ID', text: 'The record that stays', required: true },
    practice: PRACTICE,
    'even-so': { text: 'Merge even if the birth dates differ' },
  },
  examples: ['record merge $PATIENT_ID --into $OTHER_PATIENT_ID'],
} as const satisfies CommandDefinition;

export const RECORD_UNMERGE = {
  name: 'record unmerge',
  summary: 'Undo a merge',
  description:
    'Undo a merge. The merged record becomes separate again, with its own data and what was added since. Invitations sent after the merge end. Lists everyone who read the merged record.',
  arguments: [{ name: 'PATIENT_ID', text: 'The record that was merged into another' }],
  options: { practice: PRACTICE },
  examples: ['record unmerge $PATIENT_ID'],
} as const satisfies CommandDefinition;

export const RECORD_RETRACT = {
  name: 'record retract',
  summary: 'Remove resources filed under the wrong patient',
  description:
    'Remove resources that were filed under the wrong patient, and add them to the record in --to. Lists everyone who read the wrong record meanwhile.',
  arguments: [{ name: 'TYPE/ID…', text: 'Resources, such as Observation/UUID' }],
  options: {
    to: { value: 'PATIENT_ID', text: 'Add the resources to this patient’s record' },
    lift: { text: 'Allow the source to send retracted resources again' },
    practice: PRACTICE,
  },
  usages: ['TYPE/ID… [--to PATIENT_ID] [--practice NAME]', 'TYPE/ID… --lift [--practice NAME]'],
  examples: ['record retract Observation/$ID --to $PATIENT_ID', 'record retract Observation/$ID --lift'],
} as const satisfies CommandDefinition;

export const RECORD_ERASE = {
  name: 'record erase',
  summary: 'Erase a patient record everywhere',
  description:
    'Erase the content of a patient record, its history, consents, exports, emails and accounts. This can’t be undone. If there are two administrators, another one than --requested-by must approve it at /review/approvals. Prints a certificate.',
  details: [
    'The audit log keeps its events with the random number of the record. Backups from before still have the record. Stop the feeds that send this patient first, or they create a new record.',
    'An account is deleted if it was for this record alone. Exports of the practice that have data of the record, or that are running, are deleted.',
  ],
  arguments: [PATIENT_ID],
  options: {
    reason: { value: 'TEXT', text: 'Why, without naming the patient', required: true },
    'requested-by': { value: 'NAME', text: 'Username of the administrator who asks for this' },
    practice: PRACTICE_OF_PATIENT,
  },
  examples: ['record erase $PATIENT_ID --requested-by ada \\\n  --reason "Request of May 4, no duty to retain"'],
} as const satisfies CommandDefinition;

export const RECORD_CERTIFICATE = {
  name: 'record certificate',
  summary: 'Print the certificate of an erasure',
  description: 'Print the certificate of an erased record: when and why it was erased, by whom, and what was removed.',
  arguments: [{ name: 'ID', text: 'Id of the erasure or of its approval, as record erase printed it' }],
  examples: ['record certificate $ID'],
} as const satisfies CommandDefinition;
