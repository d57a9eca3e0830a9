import type { CommandDefinition } from '../definition.ts';
import { ONLY_PRACTICE, PRACTICE } from './shared.ts';

export const LOAD = {
  name: 'load',
  summary: 'Load FHIR R4, NDJSON and C-CDA files into a practice',
  description:
    'Load FHIR R4 Bundles, NDJSON and C-CDA documents. Lists rejected resources with their place and the reason, and loads the others. You can run an interrupted load again: it skips what is already stored.',
  arguments: [{ name: 'PATH…', text: 'Files, or folders with .json, .ndjson, .jsonl and .xml files' }],
  options: {
    practice: PRACTICE,
    source: { value: 'NAME', text: 'System that the files come from', default: 'load' },
  },
  examples: ['load export.ndjson', 'load ./export --practice "Live practice" --source lab'],
  exitCodes: { 0: 'nothing was rejected', 1: 'a resource was rejected, there were none, or failure' },
  details: [
    'Folders are read with their subfolders. A Bundle of type transaction is loaded completely or not at all.',
    'Use a separate `--source` name for each system whose patient ids could collide.',
    'The setting `VALIDATION` controls validation.',
  ],
} as const satisfies CommandDefinition;

export const VALIDATE = {
  name: 'validate',
  summary: 'Validate files against FHIR R4 and profiles',
  description:
    'Validate FHIR R4 resources, Bundles and NDJSON against R4 and their declared profiles. Doesn’t need a database.',
  arguments: [{ name: 'FILE…', text: 'Files to validate' }],
  options: {
    ig: { value: 'PATH…', text: 'Implementation guides: packages (.tgz) or folders', multiple: true },
    profile: { value: 'URL…', text: 'Profiles that every resource must conform to', multiple: true },
    all: { text: 'Show warnings too' },
  },
  examples: ['validate export.ndjson', 'validate patient.json --ig hl7.fhir.us.core.tgz --all'],
  exitCodes: { 0: 'no errors', 1: 'errors found, or failure' },
} as const satisfies CommandDefinition;

export const VALIDATION_ISSUES = {
  name: 'validation issues',
  formerly: 'faults',
  summary: 'List the validation issues of stored data',
  description:
    'List the validation issues of loaded and fed data: each kind of issue with its number of resources. Never shows values of resources.',
  options: {
    resources: { text: 'List each resource and element instead' },
    practice: ONLY_PRACTICE,
    type: { value: 'TYPE', text: 'Only resources of this type' },
    source: { value: 'NAME', text: 'Only resources from this source' },
    limit: { value: 'N', text: 'Maximum number of rows', default: '100' },
  },
  examples: ['validation issues', 'validation issues --resources --type Observation --limit 20'],
} as const satisfies CommandDefinition;

export const FEED_REJECTED = {
  name: 'feed rejected',
  formerly: 'feed refused',
  summary: 'List rejected resources of feed batches',
  description:
    'List rejected resources of feed batches with their time, app and reason. Resources that refer to something not yet received are retried automatically.',
  options: { practice: ONLY_PRACTICE },
  examples: ['feed rejected', 'feed rejected --practice "Live practice"'],
} as const satisfies CommandDefinition;

export const FEED_RETRY = {
  name: 'feed retry',
  summary: 'Retry rejected resources of feed batches',
  description: 'Retry all rejected resources of feed batches after you have fixed the cause.',
  options: { practice: ONLY_PRACTICE },
  examples: ['feed retry', 'feed retry --practice "Live practice"'],
  exitCodes: { 0: 'all resources are stored', 1: 'a resource was rejected again, or failure' },
} as const satisfies CommandDefinition;

export const DSTU2_REPORT = {
  name: 'dstu2 report',
  summary: 'List what DSTU2 clients don’t see',
  description:
    'List the R4 elements that FHIR DSTU2 can’t represent, by type, and count the stored resources that are hidden from DSTU2 clients.',
  examples: ['dstu2 report'],
} as const satisfies CommandDefinition;

export const SANDBOX_FILL = {
  name: 'sandbox fill',
  summary: 'Fill the sandbox with its test patients',
  description: 'Fill the sandbox with its test patients. The server does this itself at start.',
  options: { 'but-large': { text: 'Leave out patient02, which takes as long as all others' } },
  examples: ['sandbox fill', 'sandbox fill --but-large'],
} as const satisfies CommandDefinition;

export const SANDBOX_GENERATE = {
  name: 'sandbox generate',
  summary: 'Write synthetic patients to a file for load tests',
  description:
    'Write synthetic patients to an NDJSON file for load tests, with about 550 resources each. To store them, use load.',
  options: {
    patients: { value: 'N', text: 'Number of patients', required: true },
    out: { value: 'FILE', text: 'File to write', required: true },
    seed: { value: 'WORD', text: 'The same word makes the same patients', default: 'saguaro' },
  },
  examples: ['sandbox generate --patients 1000 --out patients.ndjson'],
} as const satisfies CommandDefinition;
