import type { SummaryFound, SummarySection } from '../../core/summary.ts';
import type { Resource } from '../../core/version.ts';
import { elementsAt, spanOf } from '../../store/elements.ts';
import { isAboutAnother, isFamilyHistory, isForbidden, isMistake, isPlanned } from '../clinical-status.ts';
import { LOINC } from './looked-for.ts';
import { PREGNANT_NOW } from './searches.ts';
import { SECTIONS, type SectionKey } from './sections.ts';

/** What of the found a section has; `found` is what each of its searches found, in their order. */
type Choose = (found: readonly (readonly Resource[])[], now: Date) => readonly Resource[];

const all: Choose = (found) => found.flat();
const latest: Choose = (found) => found.flatMap(latestOfEach);

const CHOOSE: Readonly<Record<SectionKey, Choose>> = {
  // Where nobody keeps a list of problems, the diagnoses of visits are what is known of them.
  problems: (found) => {
    const [onList = [], ofVisits = []] = found.map(ownProblems);
    return onList.length > 0 ? onList : latestOfEach(ofVisits);
  },
  allergies: all,
  // IPS 2.0.0, MedicationRequest-uv-ips: what is forbidden or only planned isn't something the patient takes.
  medications: (found) => found.flat().filter((one) => !isForbidden(one) && !isPlanned(one)),
  immunizations: all,
  results: ([results = [], reports = []]) => [
    ...latestOfEach(results.filter(hasResult)),
    ...latestOfEach(reports.filter(concludes)).slice(0, 10),
  ],
  procedures: latest,
  devices: all,
  'past-problems': (found) => found.map(ownProblems).flatMap(latestOfEach),
  pregnancy: (found, now) => latestOfEach(found.flat().filter(hasResult)).filter((one) => isOfNow(one, now)),
  'social-history': (found) => found.flatMap((own) => latestOfEach(own.filter((one) => !isAboutAnother(one)))),
  'vital-signs': ([found = []]) => ofLateYears(latestOfEach(found.filter(hasResult))),
  'plan-of-care': all,
  'advance-directives': all,
};

/** A page or two of each; of what is required, all. */
const MOST: Readonly<Partial<Record<SectionKey, number>>> = {
  results: 50,
  procedures: 40,
  'past-problems': 40,
  'social-history': 10,
  'vital-signs': 20,
  'plan-of-care': 10,
  'advance-directives': 10,
};

/** Every section that has something or is required, in the order of the table. */
export function choose(found: readonly SummaryFound[], now: Date): readonly SummarySection[] {
  return SECTIONS.flatMap(({ key, required }) => {
    const own = found.filter(({ search }) => search.section === key);
    const sound = own.map(({ resources }) => resources.filter((one) => !isMistake(one)));
    const chosen = CHOOSE[key](sound, now);
    if (chosen.length === 0 && !required) return [];
    const resources = chosen.slice(0, MOST[key]);
    const more =
      resources.length > 0 &&
      (resources.length < chosen.length ||
        own.some((one) => one.more && one.resources.some((each) => chosen.includes(each))));
    return [{ section: key, resources, more }];
  });
}

/** What relatives have isn't a problem of the patient. */
const ownProblems = (conditions: readonly Resource[]): readonly Resource[] =>
  conditions.filter((one) => !isFamilyHistory(one));

/** Of what has one code, the first: they come with the newest first. */
function latestOfEach(resources: readonly Resource[]): readonly Resource[] {
  const seen = new Map<string, Resource>();
  for (const resource of resources) {
    const key = kindOf(resource);
    if (!seen.has(key)) seen.set(key, resource);
  }
  return [...seen.values()];
}

/** By LOINC where there is a code of it: systems write the same differently. */
function kindOf(resource: Resource): string {
  const codings = elementsAt(resource, 'code.coding');
  const coding = codings.find((one) => elementsAt(one, 'system').includes(LOINC)) ?? codings[0];
  const [code] = elementsAt(coding, 'code');
  if (code !== undefined) return `${elementsAt(coding, 'system')[0]}|${code}`;
  const [text] = elementsAt(resource, 'code.text');
  return typeof text === 'string' ? text.toLowerCase() : `${resource.resourceType}/${resource.id}`;
}

/** A panel without a value of its own is told by its parts. */
const hasResult = (observation: Resource): boolean =>
  !isAboutAnother(observation) &&
  Object.keys(observation).some((key) => /^(value[A-Z]|component$|dataAbsentReason$)/.test(key));

/** Others are notes, or are told by the results that they put together. */
const concludes = (report: Resource): boolean => 'conclusion' in report || 'conclusionCode' in report;

const LATE_YEARS = 3 * 365 * 86_400_000;

/** A child's measures are not told of the grown-up: what is much older than the newest is left out. */
function ofLateYears(resources: readonly Resource[]): readonly Resource[] {
  const newest = Math.max(...resources.map(timeOf));
  return resources.filter((one) => timeOf(one) >= newest - LATE_YEARS);
}

const timeOf = (observation: Resource): number =>
  spanOf(elementsAt(observation, 'effectiveDateTime')[0] ?? observation['effectivePeriod'])?.low ??
  Number.NEGATIVE_INFINITY;

const PREGNANCY = 300 * 86_400_000;

/** That somebody is pregnant, or is not, is told of the time that a pregnancy takes; how former ones ended, always. */
function isOfNow(observation: Resource, now: Date): boolean {
  if (!elementsAt(observation, 'code.coding.code').some((code) => PREGNANT_NOW.includes(String(code)))) return true;
  return timeOf(observation) > now.getTime() - PREGNANCY;
}
