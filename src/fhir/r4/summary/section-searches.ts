import type { RowCondition } from '../../model/condition.ts';
import type { SummarySearch } from '../../model/summary.ts';
import { anyOf, hasCode, hasLoincCode, lacksCode } from './search-conditions.ts';
import { SECTIONS, type SectionKey } from './sections.ts';

/**
 * Maximum number of resources that a search finds for a section that must be complete, such as allergies. Few patients
 * have more. If a patient does, the section says that there are more.
 */
const COMPLETE_LIMIT = 200;
/**
 * Maximum number of Observations that a search finds for a section. The section then shows only the latest of each
 * kind, such as the latest result of each laboratory test.
 */
const LATEST_LIMIT = 400;

const ENDED_STATUSES = ['inactive', 'remission', 'resolved'];
const NO_FINDING = ['entered-in-error', 'refuted'];
const RESULT_STATUS = hasCode('status', 'final', 'amended', 'corrected', 'appended', 'preliminary', 'partial');

/**
 * Search conditions for the problem list. They also find problems without a category. Social determinants of health (US
 * Core's `sdoh`) are excluded, because not everyone who receives a summary should see them.
 */
const ON_PROBLEM_LIST: readonly RowCondition[] = [
  anyOf(hasCode('category', 'problem-list-item', 'health-concern'), lacksCode('category', 'encounter-diagnosis')),
  lacksCode('category', 'sdoh'),
];
const conditions = (...extra: readonly RowCondition[]) => ({
  type: 'Condition',
  conditions: [...extra, lacksCode('verification-status', ...NO_FINDING)],
  limit: COMPLETE_LIMIT,
});
const observations = (...extra: readonly RowCondition[]) => ({
  type: 'Observation',
  conditions: [...extra, RESULT_STATUS],
  limit: LATEST_LIMIT,
});

/**
 * LOINC codes for tobacco and alcohol use, as in the IPS guide. The summary contains nothing else of the social
 * history.
 */
const HABITS = ['72166-2', '11367-0', '39240-7', '63640-7', '64218-1', '74013-4', '11331-6'];
/**
 * LOINC codes for a current pregnancy and its due date (IPS 2.0.0, pregnancy-status and edd-method-uv-ips).
 * `PREGNANCIES` has those for former pregnancies (pregnancies-summary-uv-ips).
 */
export const PREGNANT_NOW: readonly string[] = ['82810-3', '11778-8', '11779-6', '11780-4'];
const PREGNANCIES = ['11636-8', '11637-6', '11638-4', '11639-2', '11640-0', '11612-9', '11613-7', '11614-5', '33065-4'];

/** Searches whose results fill each section of the summary. See docs/decisions/031. */
const SEARCHES: Readonly<Record<SectionKey, readonly Omit<SummarySearch, 'section'>[]>> = {
  problems: [
    conditions(...ON_PROBLEM_LIST, lacksCode('clinical-status', ...ENDED_STATUSES)),
    conditions(hasCode('category', 'encounter-diagnosis'), lacksCode('clinical-status', ...ENDED_STATUSES)),
  ],
  allergies: [
    {
      type: 'AllergyIntolerance',
      conditions: [
        lacksCode('clinical-status', 'inactive', 'resolved'),
        lacksCode('verification-status', ...NO_FINDING),
      ],
      limit: COMPLETE_LIMIT,
    },
  ],
  medications: [
    {
      type: 'MedicationRequest',
      conditions: [hasCode('status', 'active', 'on-hold', 'unknown'), lacksCode('intent', 'proposal', 'option')],
      limit: COMPLETE_LIMIT,
    },
    {
      type: 'MedicationStatement',
      conditions: [hasCode('status', 'active', 'on-hold', 'unknown')],
      limit: COMPLETE_LIMIT,
    },
  ],
  immunizations: [{ type: 'Immunization', conditions: [hasCode('status', 'completed')], limit: COMPLETE_LIMIT }],
  results: [
    observations(hasCode('category', 'laboratory', 'imaging')),
    // Laboratory reports are left out, because the search for laboratory Observations finds their results.
    { type: 'DiagnosticReport', conditions: [RESULT_STATUS, lacksCode('category', 'LAB')], limit: 50 },
  ],
  procedures: [
    {
      type: 'Procedure',
      conditions: [hasCode('status', 'completed', 'in-progress', 'stopped', 'unknown')],
      limit: COMPLETE_LIMIT,
    },
  ],
  devices: [{ type: 'Device', conditions: [lacksCode('status', 'entered-in-error')], limit: 50 }],
  'past-problems': [conditions(...ON_PROBLEM_LIST, hasCode('clinical-status', ...ENDED_STATUSES))],
  pregnancy: [observations(hasLoincCode('code', ...PREGNANT_NOW, ...PREGNANCIES))],
  'social-history': [observations(hasLoincCode('code', ...HABITS))],
  'vital-signs': [observations(hasCode('category', 'vital-signs'))],
  'plan-of-care': [
    {
      type: 'CarePlan',
      conditions: [hasCode('status', 'active', 'on-hold'), hasCode('intent', 'plan', 'order')],
      limit: 50,
    },
  ],
  'advance-directives': [
    {
      type: 'DocumentReference',
      conditions: [
        hasCode('status', 'current'),
        anyOf(hasLoincCode('category', '42348-3'), hasLoincCode('type', '42348-3')),
      ],
      limit: 50,
    },
  ],
};

export const SECTION_SEARCHES: readonly SummarySearch[] = SECTIONS.flatMap(({ key }) =>
  SEARCHES[key].map((search) => ({ section: key, ...search })),
);
