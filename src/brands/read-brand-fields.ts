import { type PracticeId, type RequestFieldError, toSingleLine } from '../kernel/index.ts';
import type { PracticeBrandFields } from '../portal-api/index.ts';
import { isNpi, type PracticeBrandInfo, type PublishedPractice } from '../practices/index.ts';
import { parseAddress } from './address.ts';

/** Normalizes the brand details of a practice that an administrator entered, and returns the errors in them. */
export function parseBrandFields(
  given: PracticeBrandFields,
  practice: PublishedPractice,
  all: readonly PublishedPractice[],
): { readonly facts: PracticeBrandInfo; readonly errors: readonly RequestFieldError[] } {
  const lines = (texts: readonly string[]) => texts.map((text) => toSingleLine(text)).filter((text) => text !== '');
  const facts: PracticeBrandInfo = {
    npi: given.npi.replaceAll(/[\s-]/g, '') || undefined,
    category: given.category,
    aliases: [...new Set(lines(given.aliases))],
    locations: [...new Set(lines(given.locations))],
    partOf: (given.partOf ?? undefined) as PracticeId | undefined,
  };
  return { facts, errors: checkBrandFields(facts, practice, all) };
}

function checkBrandFields(
  { npi, locations, partOf }: PracticeBrandInfo,
  practice: PublishedPractice,
  all: readonly PublishedPractice[],
): readonly RequestFieldError[] {
  const odd = locations.findIndex((text) => parseAddress(text).country === undefined);
  return [
    ...(npi === undefined || isNpi(npi) ? [] : [{ field: 'npi', message: NPI }]),
    ...(odd === -1 ? [] : [{ field: 'locations', message: `${LOCATION} Line ${odd + 1} isn’t a location.` }]),
    ...(partOf === undefined ? [] : checkPartOf(partOf, practice, all)),
  ];
}

/**
 * Returns the errors in the choice of a practice whose portal is shared. user-access-brand allows
 * two levels at most: a practice that shares the portal of another practice can't offer it to a
 * third.
 */
function checkPartOf(
  partOf: PracticeId,
  { practiceId, kind }: PublishedPractice,
  all: readonly PublishedPractice[],
): readonly RequestFieldError[] {
  const parent = all.find((one) => one.practiceId === partOf);
  const issue = (message: string) => [{ field: 'partOf', message }];
  if (parent === undefined || partOf === practiceId || parent.kind !== kind)
    return issue('Choose another practice of the same kind.');
  if (parent.partOf !== undefined)
    return issue(`${parent.name} shares the portal of another practice. Choose that practice instead.`);
  const child = all.find((one) => one.partOf === practiceId);
  return child === undefined ? [] : issue(`${child.name} shares the portal of this practice, so it must have its own.`);
}

const NPI =
  'This isn’t a valid NPI. An NPI has 10 digits, and the last one is a check digit. Look it up at npiregistry.cms.hhs.gov.';
const LOCATION =
  'Enter one location per line, such as “Springfield, IL 62701”, “62701”, or “1 Lake Road, Springfield, IL 62701”.';
