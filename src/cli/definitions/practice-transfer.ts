import type { CommandDefinition } from '../definition.ts';

const PRACTICE_NAME = { name: 'NAME', text: 'The practice, as in practices list' } as const;

export const PRACTICES_EXPORT = {
  name: 'practices export',
  summary: 'Export everything of a practice into a folder',
  description:
    'Write the records, accounts, consents, settings and audit events of a practice into a new folder, in open formats with a manifest and digests. Servers go on meanwhile.',
  arguments: [PRACTICE_NAME, { name: 'DIR', text: 'New folder; the one above it must exist' }],
  examples: ['practices export "North Side Clinic" north-side'],
  details: [
    'The folder contains health data and can be read by the user of the command only. [Move or remove a practice](../practice-export.md) describes the files.',
  ],
} as const satisfies CommandDefinition;

export const PRACTICES_IMPORT = {
  name: 'practices import',
  summary: 'Import an exported practice',
  description:
    'Check an exported practice against its manifest, and import all of it or nothing. Ids, consents and connections of apps stay the same.',
  arguments: [{ name: 'DIR', text: 'Folder that practices export wrote' }],
  options: { name: { value: 'NAME', text: 'Another name for the practice' } },
  examples: ['practices import north-side', 'practices import north-side --name "North Side"'],
  details: [
    'Apps that this installation doesn’t know are added as suspended. People choose a new password. [Move or remove a practice](../practice-export.md) explains both.',
  ],
} as const satisfies CommandDefinition;

export const PRACTICES_REMOVE = {
  name: 'practices remove',
  summary: 'Remove a practice and all of its records',
  description:
    'Delete the records, consents, settings and staff of a practice, and close accounts without another practice. Events of the audit log stay. It can’t be undone.',
  arguments: [PRACTICE_NAME],
  options: {
    reason: { value: 'TEXT', text: 'Why, for the audit log' },
    confirm: { value: 'NAME', text: 'Name of the practice again' },
    'dry-run': { text: 'Only count what would be deleted' },
  },
  examples: [
    'practices remove "North Side Clinic" --dry-run',
    'practices remove "North Side Clinic" --reason "Moved" \\\n  --confirm "North Side Clinic"',
  ],
  details: ['Export the practice first. If the command is interrupted, run it again.'],
} as const satisfies CommandDefinition;
