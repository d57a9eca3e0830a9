import type { BrandAddress } from './bundle-types.ts';

/** Matches the last line of a US address, such as `Springfield, IL 62701`. Any part of it may be missing. */
const LAST_LINE = /^(?:(?<city>[\p{L} .'’-]+?),\s*)?(?<state>[A-Z]{2})?\s*(?<zip>\d{5}(?:-\d{4})?)?$/u;

/**
 * Splits an address that an administrator entered into the elements of FHIR's Address.
 * user-access-brand allows these forms for Organization.address: state; city and state; city, state
 * and ZIP code; street, city, state and ZIP code; ZIP code alone. Returns an address without a
 * state or ZIP code, or with a city but no state, as text only.
 */
export function parseAddress(written: string): BrandAddress {
  const lines = written
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const text = lines.join(', ');
  const [last = '', ...before] = lines.toReversed();
  // If the address is one line, that line may contain the street too, for example `1 Lake Road,
  // Springfield, IL 62701`.
  const [, street, rest] = before.length === 0 ? (/^(.*\d.*?),\s*([^,]+,\s*[A-Z]{2}\b.*)$/.exec(last) ?? []) : [];
  const { city, state, zip } = LAST_LINE.exec(rest ?? last)?.groups ?? {};
  if ((state === undefined && zip === undefined) || (city !== undefined && state === undefined)) return { text };
  const line = street === undefined ? before.toReversed() : [street];
  return {
    text,
    ...(line.length === 0 ? {} : { line }),
    ...(city === undefined ? {} : { city }),
    ...(state === undefined ? {} : { state }),
    ...(zip === undefined ? {} : { postalCode: zip }),
    country: 'US',
  };
}
