import type { ArgumentDefinition, CommandDefinition } from '../definition.ts';
import { ONLY_PRACTICE, PRACTICE } from './shared.ts';

export const PRACTICES_LIST = {
  name: 'practices list',
  summary: 'List the practices',
  description: 'List the practices with their kind, API status, and number of patients and staff.',
  examples: ['practices list'],
} as const satisfies CommandDefinition;

export const PRACTICES_ADD = {
  name: 'practices add',
  summary: 'Create a practice',
  description: 'Create a practice. A sandbox practice is for test patients: apps can read it before they are approved.',
  arguments: [{ name: 'NAME', text: 'Name of the practice' }],
  options: {
    kind: { value: 'KIND', text: 'Kind', choices: ['sandbox', 'live'], required: true },
    'time-zone': { value: 'ZONE', text: 'Time zone', default: 'America/New_York' },
  },
  examples: ['practices add "North Side Clinic" --kind live \\\n  --time-zone America/Chicago'],
} as const satisfies CommandDefinition;

export const PRACTICES_SET = {
  name: 'practices set',
  summary: 'Change a practice, or turn its API on or off',
  description:
    'Turn the API of a practice on or off, and change what its patients and apps see. An empty value removes the current one.',
  arguments: [{ name: 'NAME', text: 'The practice, as in practices list' }],
  options: {
    enabled: { value: 'on|off', text: 'Turn its API on or off', choices: ['on', 'off'] },
    name: { value: 'NEW_NAME', text: 'New name' },
    phone: { value: 'TEXT', text: 'Phone number' },
    email: { value: 'ADDRESS', text: 'Email address' },
    website: { value: 'URL', text: 'Website' },
    address: { value: 'LINES', text: 'Postal address; write \\n between the lines' },
    npi: { value: 'NPI', text: 'National Provider Identifier' },
    color: { value: '#RRGGBB', text: 'Color of its pages' },
    'time-zone': { value: 'ZONE', text: 'Time zone, such as America/Denver' },
  },
  examples: [
    'practices set "Live practice" --enabled off',
    'practices set "Live practice" --npi 1234567893 \\\n  --address "1 Main Street\\nSpringfield, IL 62701"',
  ],
  details: ['A practice needs an address and an NPI to be in the list of service base URLs.'],
} as const satisfies CommandDefinition;

const GROUP_ID = { name: 'GROUP_ID', text: 'The group, as in groups list' } as const satisfies ArgumentDefinition;

export const GROUPS_LIST = {
  name: 'groups list',
  summary: 'List the groups of patients',
  description: 'List the groups of patients with their id, practice, number of patients and name.',
  options: { practice: ONLY_PRACTICE },
  examples: ['groups list'],
} as const satisfies CommandDefinition;

export const GROUPS_SHOW = {
  name: 'groups show',
  summary: 'Show the patients of a group',
  description: 'Show the current patients of a group.',
  arguments: [GROUP_ID],
  examples: ['groups show $GROUP_ID'],
} as const satisfies CommandDefinition;

export const GROUPS_ADD = {
  name: 'groups add',
  summary: 'Create a group of patients for exports',
  description: 'Create a group of patients of a practice. Backend apps export it as Group/{id}/$export.',
  arguments: [{ name: 'NAME', text: 'Name of the group' }],
  options: { practice: PRACTICE, everyone: { text: 'Always all patients of the practice' } },
  examples: ['groups add Diabetes', 'groups add "All patients" --everyone'],
} as const satisfies CommandDefinition;

export const GROUPS_MEMBERS = {
  name: 'groups members',
  summary: 'Add patients to a group, or remove them',
  description: 'Add patients of the practice to a group, or remove them.',
  arguments: [GROUP_ID],
  options: {
    add: { value: 'PATIENT_ID…', text: 'Patients to add', multiple: true },
    remove: { value: 'PATIENT_ID…', text: 'Patients to remove', multiple: true },
  },
  examples: ['groups members $GROUP_ID --add $PATIENT_ID $OTHER_PATIENT_ID'],
} as const satisfies CommandDefinition;

export const GROUPS_RENAME = {
  name: 'groups rename',
  summary: 'Rename a group',
  description: 'Rename a group. Its id stays the same.',
  arguments: [GROUP_ID, { name: 'NEW_NAME', text: 'New name' }],
  examples: ['groups rename $GROUP_ID "Diabetes, type 2"'],
} as const satisfies CommandDefinition;

export const GROUPS_REMOVE = {
  name: 'groups remove',
  summary: 'Delete a group',
  description: 'Delete a group. Its patients and their records aren’t affected. Running exports of the group end.',
  arguments: [GROUP_ID],
  examples: ['groups remove $GROUP_ID'],
} as const satisfies CommandDefinition;
