import type { Condition } from '../../core/condition.ts';
import type { SummarySearch } from '../../core/summary.ts';
import { either, has, hasLoinc, hasNot } from './looked-for.ts';
import { SECTIONS, type SectionKey } from './sections.ts';

/** More of what has to be there than a person has: a record with more says so. */
const ALL = 200;
/** Looked through for the latest of each kind. */
const LOOKED_AT = 400;

const OVER = ['inactive', 'remission', 'resolved'];
const NO_FINDING = ['entered-in-error', 'refuted'];
const RESULT_STATUS = has('status', 'final', 'amended', 'corrected', 'appended', 'preliminary', 'partial');

/** Also what has no category. Circumstances of life, US Core's `sdoh`, are not told to everyone who gets a summary. */
const ON_LIST: readonly Condition[] = [
  either(has('category', 'problem-list-item', 'health-concern'), hasNot('category', 'encounter-diagnosis')),
  hasNot('category', 'sdoh'),
];
const conditions = (...asked: readonly Condition[]) => ({
  type: 'Condition',
  conditions: [...asked, hasNot('verification-status', ...NO_FINDING)],
  limit: ALL,
});
const observations = (...asked: readonly Condition[]) => ({
  type: 'Observation',
  conditions: [...asked, RESULT_STATUS],
  limit: LOOKED_AT,
});

/** Tobacco and alcohol, as the guide has it, and nothing else of social history. */
const HABITS = ['72166-2', '11367-0', '39240-7', '63640-7', '64218-1', '74013-4', '11331-6'];
/** IPS 2.0.0, pregnancy-status, edd-method-uv-ips and pregnancies-summary-uv-ips */
export const PREGNANT_NOW: readonly string[] = ['82810-3', '11778-8', '11779-6', '11780-4'];
const PREGNANCIES = ['11636-8', '11637-6', '11638-4', '11639-2', '11640-0', '11612-9', '11613-7', '11614-5', '33065-4'];

/** The searches of each section, as docs/guide/data.md lists them. The reasons are in docs/decisions/031. */
const SEARCHES: Readonly<Record<SectionKey, readonly Omit<SummarySearch, 'section'>[]>> = {
  problems: [
    conditions(...ON_LIST, hasNot('clinical-status', ...OVER)),
    conditions(has('category', 'encounter-diagnosis'), hasNot('clinical-status', ...OVER)),
  ],
  allergies: [
    {
      type: 'AllergyIntolerance',
      conditions: [hasNot('clinical-status', 'inactive', 'resolved'), hasNot('verification-status', ...NO_FINDING)],
      limit: ALL,
    },
  ],
  medications: [
    {
      type: 'MedicationRequest',
      conditions: [has('status', 'active', 'on-hold', 'unknown'), hasNot('intent', 'proposal', 'option')],
      limit: ALL,
    },
    {
      type: 'MedicationStatement',
      conditions: [has('status', 'active', 'on-hold', 'unknown')],
      limit: ALL,
    },
  ],
  immunizations: [{ type: 'Immunization', conditions: [has('status', 'completed')], limit: ALL }],
  results: [
    observations(has('category', 'laboratory', 'imaging')),
    // What a laboratory reports are the observations above.
    { type: 'DiagnosticReport', conditions: [RESULT_STATUS, hasNot('category', 'LAB')], limit: 50 },
  ],
  procedures: [
    { type: 'Procedure', conditions: [has('status', 'completed', 'in-progress', 'stopped', 'unknown')], limit: ALL },
  ],
  devices: [{ type: 'Device', conditions: [hasNot('status', 'entered-in-error')], limit: 50 }],
  'past-problems': [conditions(...ON_LIST, has('clinical-status', ...OVER))],
  pregnancy: [observations(hasLoinc('code', ...PREGNANT_NOW, ...PREGNANCIES))],
  'social-history': [observations(hasLoinc('code', ...HABITS))],
  'vital-signs': [observations(has('category', 'vital-signs'))],
  'plan-of-care': [
    { type: 'CarePlan', conditions: [has('status', 'active', 'on-hold'), has('intent', 'plan', 'order')], limit: 50 },
  ],
  'advance-directives': [
    {
      type: 'DocumentReference',
      conditions: [has('status', 'current'), either(hasLoinc('category', '42348-3'), hasLoinc('type', '42348-3'))],
      limit: 50,
    },
  ],
};

export const searches: readonly SummarySearch[] = SECTIONS.flatMap(({ key }) =>
  SEARCHES[key].map((search) => ({ section: key, ...search })),
);
