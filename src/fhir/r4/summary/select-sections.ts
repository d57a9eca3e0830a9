import type { Resource } from '../../model/fhir-version.ts';
import type { SummarySearchResult, SummarySection } from '../../model/summary.ts';
import { elementsAt, toDateSpan } from '../../store/index/elements.ts';
import { hasOtherFocus, isEnteredInError, isFamilyHistory, isPlanned, isProhibited } from '../clinical-status.ts';
import { LOINC } from './search-conditions.ts';
import { PREGNANT_NOW } from './section-searches.ts';
import { SECTIONS, type SectionKey } from './sections.ts';

/**
 * Selects the resources of one section from those that its searches found.
 * @param results resources by search, in the order of the section's searches
 */
type SectionChooser = (results: readonly (readonly Resource[])[], now: Date) => readonly Resource[];

const takeAll: SectionChooser = (results) => results.flat();
const takeLatest: SectionChooser = (results) => results.flatMap(latestOfEach);

const CHOOSERS: Readonly<Record<SectionKey, SectionChooser>> = {
  // If the problem list is empty, the diagnoses of encounters are the best source of problems.
  problems: (results) => {
    const [onList = [], fromEncounters = []] = results.map(ownProblems);
    return onList.length > 0 ? onList : latestOfEach(fromEncounters);
  },
  allergies: takeAll,
  // IPS 2.0.0, MedicationRequest-uv-ips: a patient doesn't take prohibited or planned medications, so they are left
  // out.
  medications: (results) => results.flat().filter((one) => !isProhibited(one) && !isPlanned(one)),
  immunizations: takeAll,
  results: ([results = [], reports = []]) => [
    ...latestOfEach(results.filter(hasResult)),
    ...latestOfEach(reports.filter(hasConclusion)).slice(0, 10),
  ],
  procedures: takeLatest,
  devices: takeAll,
  'past-problems': (results) => results.map(ownProblems).flatMap(latestOfEach),
  pregnancy: (results, now) => latestOfEach(results.flat().filter(hasResult)).filter((one) => isCurrent(one, now)),
  'social-history': (results) => results.flatMap((own) => latestOfEach(own.filter((one) => !hasOtherFocus(one)))),
  'vital-signs': ([found = []]) => selectRecent(latestOfEach(found.filter(hasResult))),
  'plan-of-care': takeAll,
  'advance-directives': takeAll,
};

/**
 * Maximum number of entries by section. With these limits, a section fills about one or two pages. A section that is
 * missing here has no limit.
 */
const MAX_ENTRIES: Readonly<Partial<Record<SectionKey, number>>> = {
  results: 50,
  procedures: 40,
  'past-problems': 40,
  'social-history': 10,
  'vital-signs': 20,
  'plan-of-care': 10,
  'advance-directives': 10,
};

/**
 * Selects the resources of each section, in the order of the summary. A section without resources is left out unless it
 * is required.
 */
export function selectSections(results: readonly SummarySearchResult[], now: Date): readonly SummarySection[] {
  return SECTIONS.flatMap(({ key, required }) => {
    const sectionResults = results.filter(({ search }) => search.section === key);
    const valid = sectionResults.map(({ resources }) => resources.filter((one) => !isEnteredInError(one)));
    const chosen = CHOOSERS[key](valid, now);
    if (chosen.length === 0 && !required) return [];
    const resources = chosen.slice(0, MAX_ENTRIES[key]);
    const hasMore =
      resources.length > 0 &&
      (resources.length < chosen.length ||
        sectionResults.some((one) => one.hasMore && one.resources.some((each) => chosen.includes(each))));
    return [{ section: key, resources, hasMore }];
  });
}

/** Leaves out Conditions of relatives, which are not the patient's own. */
const ownProblems = (conditions: readonly Resource[]): readonly Resource[] =>
  conditions.filter((one) => !isFamilyHistory(one));

/** Keeps the latest resource of each code. The resources must be sorted from newest to oldest. */
function latestOfEach(resources: readonly Resource[]): readonly Resource[] {
  const seen = new Map<string, Resource>();
  for (const resource of resources) {
    const key = codeKey(resource);
    if (!seen.has(key)) seen.set(key, resource);
  }
  return [...seen.values()];
}

/**
 * Returns a key for what a resource is about. It is the LOINC code if there is one, because systems use different local
 * codes.
 */
function codeKey(resource: Resource): string {
  const codings = elementsAt(resource, 'code.coding');
  const coding = codings.find((one) => elementsAt(one, 'system').includes(LOINC)) ?? codings[0];
  const [code] = elementsAt(coding, 'code');
  if (code !== undefined) return `${elementsAt(coding, 'system')[0]}|${code}`;
  const [text] = elementsAt(resource, 'code.text');
  return typeof text === 'string' ? text.toLowerCase() : `${resource.resourceType}/${resource.id}`;
}

/**
 * Whether an Observation has a result of the patient. A panel without a value of its own has results in its components.
 */
const hasResult = (observation: Resource): boolean =>
  !hasOtherFocus(observation) &&
  Object.keys(observation).some((key) => /^(value[A-Z]|component$|dataAbsentReason$)/.test(key));

/**
 * Whether a report has a conclusion. Reports without one are either notes or only group results that the section lists
 * anyway.
 */
const hasConclusion = (report: Resource): boolean => 'conclusion' in report || 'conclusionCode' in report;

const THREE_YEARS = 3 * 365 * 86_400_000;

/**
 * Leaves out measurements more than three years older than the newest, so that an adult's summary has no measurements
 * from childhood.
 */
function selectRecent(resources: readonly Resource[]): readonly Resource[] {
  const newest = Math.max(...resources.map(effectiveTime));
  return resources.filter((one) => effectiveTime(one) >= newest - THREE_YEARS);
}

const effectiveTime = (observation: Resource): number =>
  toDateSpan(elementsAt(observation, 'effectiveDateTime')[0] ?? observation['effectivePeriod'])?.low ??
  Number.NEGATIVE_INFINITY;

const PREGNANCY_DURATION = 300 * 86_400_000;

/**
 * Whether a pregnancy observation still applies. A current pregnancy status is valid for about the length of a
 * pregnancy (300 days); outcomes of former pregnancies always apply.
 */
function isCurrent(observation: Resource, now: Date): boolean {
  if (!elementsAt(observation, 'code.coding.code').some((code) => PREGNANT_NOW.includes(String(code)))) return true;
  return effectiveTime(observation) > now.getTime() - PREGNANCY_DURATION;
}
