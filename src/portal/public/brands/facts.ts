import { type FieldProblem, type PracticeId, plainLine } from '../../../kernel/index.ts';
import { type BrandFacts, isNpi, type PublishedPractice } from '../../../practices/index.ts';
import type { PracticeBrandFields } from '../../contract/public.ts';
import { addressOf } from './address.ts';

/** Normalizes what an administrator entered about a practice, and returns its errors. */
export function readBrandFacts(
  given: PracticeBrandFields,
  practice: PublishedPractice,
  all: readonly PublishedPractice[],
): { readonly facts: BrandFacts; readonly faults: readonly FieldProblem[] } {
  const lines = (texts: readonly string[]) => texts.map((text) => plainLine(text)).filter((text) => text !== '');
  const facts: BrandFacts = {
    npi: given.npi.replaceAll(/[\s-]/g, '') || undefined,
    category: given.category,
    aliases: [...new Set(lines(given.aliases))],
    locations: [...new Set(lines(given.locations))],
    partOf: (given.partOf ?? undefined) as PracticeId | undefined,
  };
  return { facts, faults: faultsOf(facts, practice, all) };
}

function faultsOf(
  { npi, locations, partOf }: BrandFacts,
  practice: PublishedPractice,
  all: readonly PublishedPractice[],
): readonly FieldProblem[] {
  const odd = locations.findIndex((text) => addressOf(text).country === undefined);
  return [
    ...(npi === undefined || isNpi(npi) ? [] : [{ field: 'npi', message: NPI }]),
    ...(odd === -1 ? [] : [{ field: 'locations', message: `${LOCATION} Line ${odd + 1} is not so.` }]),
    ...(partOf === undefined ? [] : partOfFaults(partOf, practice, all)),
  ];
}

/** Two levels at most, as in user-access-brand: a practice that shares another's portal can't share its own. */
function partOfFaults(
  partOf: PracticeId,
  { practiceId, kind }: PublishedPractice,
  all: readonly PublishedPractice[],
): readonly FieldProblem[] {
  const parent = all.find((one) => one.practiceId === partOf);
  const issue = (message: string) => [{ field: 'partOf', message }];
  if (parent === undefined || partOf === practiceId || parent.kind !== kind)
    return issue('Choose another practice of the same kind.');
  if (parent.partOf !== undefined)
    return issue(`${parent.name} shares the portal of another practice: choose that one.`);
  const child = all.find((one) => one.partOf === practiceId);
  return child === undefined ? [] : issue(`${child.name} shares the portal of this practice, so it must have its own.`);
}

const NPI =
  'This is no NPI: it has ten digits, and the last one checks the others. Look it up at npiregistry.cms.hhs.gov.';
const LOCATION = 'Each line is a place: “Springfield, IL 62701”, “62701”, or “1 Lake Road, Springfield, IL 62701”.';
