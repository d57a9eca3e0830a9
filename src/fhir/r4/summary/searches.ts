import type { Condition } from '../../core/condition.ts';
import type { SummarySearch } from '../../core/summary.ts';
import { either, has, hasLoinc, hasNot } from './looked-for.ts';
import { SECTIONS, type SectionKey } from './sections.ts';

/**
 * Limit for sections that must be complete. It is more than a person has; a record with more results is marked as
 * having more.
 */
const COMPLETE_LIMIT = 200;
/** Number of results that are searched for the latest of each kind. */
const LATEST_LIMIT = 400;

const ENDED_STATUSES = ['inactive', 'remission', 'resolved'];
const NO_FINDING = ['entered-in-error', 'refuted'];
const RESULT_STATUS = has('status', 'final', 'amended', 'corrected', 'appended', 'preliminary', 'partial');

/**
 * Also finds conditions without a category. Social determinants of health (US Core's `sdoh`) are excluded, because not
 * everyone who receives a summary should see them.
 */
const ON_PROBLEM_LIST: readonly Condition[] = [
  either(has('category', 'problem-list-item', 'health-concern'), hasNot('category', 'encounter-diagnosis')),
  hasNot('category', 'sdoh'),
];
const conditions = (...extra: readonly Condition[]) => ({
  type: 'Condition',
  conditions: [...extra, hasNot('verification-status', ...NO_FINDING)],
  limit: COMPLETE_LIMIT,
});
const observations = (...extra: readonly Condition[]) => ({
  type: 'Observation',
  conditions: [...extra, RESULT_STATUS],
  limit: LATEST_LIMIT,
});

/** Tobacco and alcohol use, as in the IPS guide. Nothing else of the social history is included. */
const HABITS = ['72166-2', '11367-0', '39240-7', '63640-7', '64218-1', '74013-4', '11331-6'];
/** IPS 2.0.0, pregnancy-status, edd-method-uv-ips and pregnancies-summary-uv-ips */
export const PREGNANT_NOW: readonly string[] = ['82810-3', '11778-8', '11779-6', '11780-4'];
const PREGNANCIES = ['11636-8', '11637-6', '11638-4', '11639-2', '11640-0', '11612-9', '11613-7', '11614-5', '33065-4'];

/** Searches of each section. See docs/decisions/031. */
const SEARCHES: Readonly<Record<SectionKey, readonly Omit<SummarySearch, 'section'>[]>> = {
  problems: [
    conditions(...ON_PROBLEM_LIST, hasNot('clinical-status', ...ENDED_STATUSES)),
    conditions(has('category', 'encounter-diagnosis'), hasNot('clinical-status', ...ENDED_STATUSES)),
  ],
  allergies: [
    {
      type: 'AllergyIntolerance',
      conditions: [hasNot('clinical-status', 'inactive', 'resolved'), hasNot('verification-status', ...NO_FINDING)],
      limit: COMPLETE_LIMIT,
    },
  ],
  medications: [
    {
      type: 'MedicationRequest',
      conditions: [has('status', 'active', 'on-hold', 'unknown'), hasNot('intent', 'proposal', 'option')],
      limit: COMPLETE_LIMIT,
    },
    {
      type: 'MedicationStatement',
      conditions: [has('status', 'active', 'on-hold', 'unknown')],
      limit: COMPLETE_LIMIT,
    },
  ],
  immunizations: [{ type: 'Immunization', conditions: [has('status', 'completed')], limit: COMPLETE_LIMIT }],
  results: [
    observations(has('category', 'laboratory', 'imaging')),
    // Laboratory reports are left out because their results are found by the search above.
    { type: 'DiagnosticReport', conditions: [RESULT_STATUS, hasNot('category', 'LAB')], limit: 50 },
  ],
  procedures: [
    {
      type: 'Procedure',
      conditions: [has('status', 'completed', 'in-progress', 'stopped', 'unknown')],
      limit: COMPLETE_LIMIT,
    },
  ],
  devices: [{ type: 'Device', conditions: [hasNot('status', 'entered-in-error')], limit: 50 }],
  'past-problems': [conditions(...ON_PROBLEM_LIST, has('clinical-status', ...ENDED_STATUSES))],
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
