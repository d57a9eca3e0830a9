import { type BoundedCount, countEntriesByType, countObservations } from '../../fhir/index.ts';
import type { PatientPortalDeps } from '../deps.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { RECORD_SECTIONS, type RecordSectionName } from './sections.ts';

/** Number of entries of each section. undefined if the section may have entries, and they aren't counted. */
export type SectionCounts = ReadonlyMap<RecordSectionName, BoundedCount | undefined>;

/** Number of entries of a type from which they aren't counted any further. */
const MAX_COUNT = 1000;
/** Maximum number of observations that are read to count those of each section. */
const MAX_OBSERVATIONS = 5000;
/** Sections whose entries aren't counted. Counting them would require reading their contents. */
const UNCOUNTED_SECTIONS: readonly RecordSectionName[] = ['about', 'people'];

/** Counts the entries of each section of the record. */
export async function countSections(
  { db }: Pick<PatientPortalDeps, 'db'>,
  { accountRecord }: Pick<PatientPortalContext, 'accountRecord'>,
): Promise<SectionCounts> {
  const sections = Object.entries(RECORD_SECTIONS).map(
    ([name, groups]) => [name as RecordSectionName, new Set(groups.map(({ type }) => type))] as const,
  );
  const types = [...new Set(sections.flatMap(([, own]) => [...own]))];
  const byType = await countEntriesByType(db, accountRecord, types, MAX_COUNT);
  const observed = await countObservations(db, accountRecord, MAX_OBSERVATIONS);
  return new Map<RecordSectionName, BoundedCount | undefined>([
    ...UNCOUNTED_SECTIONS.map((name) => [name, undefined] as const),
    ...Object.entries(observed).map(([name, one]) => [name as RecordSectionName, one] as const),
    ...sections.map(([name, own]) => [name, sum([...own].flatMap((type) => byType.get(type) ?? []))] as const),
  ]);
}

const sum = (counts: readonly BoundedCount[]): BoundedCount => ({
  entries: counts.reduce((total, { entries }) => total + entries, 0),
  isMinimum: counts.some(({ isMinimum }) => isMinimum),
});
