import type { ArgumentDefinition, CommandDefinition } from '../definition.ts';
import { PRACTICE } from './shared.ts';

const USERNAME = { name: 'USERNAME', text: 'The account, as in accounts list' } as const satisfies ArgumentDefinition;

export const ACCOUNTS_LIST = {
  name: 'accounts list',
  summary: 'List the accounts',
  description: 'List the accounts with their username, kind, state and name.',
  examples: ['accounts list'],
} as const satisfies CommandDefinition;

export const ACCOUNTS_LOCK = {
  name: 'accounts lock',
  summary: 'Lock an account',
  description:
    'Lock an account. The person can’t sign in, and the apps that they approved lose access until you unlock it.',
  arguments: [USERNAME],
  options: { reason: { value: 'TEXT', text: 'Reason, for the audit log' } },
  examples: ['accounts lock ann --reason "Lost phone"'],
} as const satisfies CommandDefinition;

export const ACCOUNTS_UNLOCK = {
  name: 'accounts unlock',
  summary: 'Unlock an account',
  description: 'Unlock an account. The person can sign in again, and the apps that they approved work again.',
  arguments: [USERNAME],
  examples: ['accounts unlock ann'],
} as const satisfies CommandDefinition;

export const ACCOUNTS_SET_PASSWORD = {
  name: 'accounts set-password',
  summary: 'Set and print a new password',
  description: 'Set and print a new password for an account. All its sessions end.',
  arguments: [USERNAME],
  examples: ['accounts set-password ann'],
} as const satisfies CommandDefinition;

export const ACCOUNTS_LOST_FACTOR = {
  name: 'accounts lost-factor',
  summary: 'Print a link that resets two-step sign-in',
  description:
    'Print a link that removes the passkeys and the authenticator app of an account. It works once, expires after 24 hours, and needs the account’s password too.',
  arguments: [USERNAME],
  options: { proofing: { value: 'TEXT', text: 'How you verified the person, for the audit log', required: true } },
  examples: ['accounts lost-factor ann --proofing "Photo ID in person"'],
} as const satisfies CommandDefinition;

export const STAFF_ADD = {
  name: 'staff add',
  summary: 'Create a staff account for a practice',
  description:
    'Create a staff account for a practice and print its password. A clinician must be in the practice’s directory.',
  options: {
    username: { value: 'NAME', text: 'Username', required: true },
    name: { value: 'NAME', text: 'Full name', required: true },
    role: {
      value: 'ROLE…',
      text: 'Roles',
      multiple: true,
      choices: ['clinician', 'front-desk', 'privacy-officer', 'administrator'],
      default: 'clinician',
    },
    practitioner: { value: 'ID', text: 'Id of a clinician’s Practitioner in the directory' },
    practice: PRACTICE,
  },
  notes: [
    {
      title: 'Roles',
      rows: [
        ['clinician', 'see patients, and open apps from a chart'],
        ['front-desk', 'find, invite and help patients'],
        ['privacy-officer', 'see patients, their apps and the data access report'],
        ['administrator', 'find, invite and help patients; change settings and staff'],
      ],
    },
  ],
  examples: [
    'staff add --username dana --name "Dana Doctor" \\\n  --practitioner $PRACTITIONER_ID',
    'staff add --username fay --name "Fay Field" --role front-desk',
  ],
} as const satisfies CommandDefinition;

export const ADMINISTRATORS_LIST = {
  name: 'administrators list',
  summary: 'List the administrators',
  description: 'List the administrators of the installation.',
  examples: ['administrators list'],
} as const satisfies CommandDefinition;

export const ADMINISTRATORS_INVITE = {
  name: 'administrators invite',
  summary: 'Print a one-time link for a new administrator',
  description:
    'Print a link that makes a person an administrator of the installation. The link works once and expires after 24 hours.',
  options: { name: { value: 'NAME', text: 'Full name of the person', required: true } },
  examples: ['administrators invite --name "Alex Admin"'],
} as const satisfies CommandDefinition;
