import type { BundleEntry, SearchsetBundle } from '../model/fhir-version.ts';
import { joinEntries } from '../model/join-entries.ts';

/**
 * Builds a searchset Bundle as JSON text (FHIR DSTU2, Bundle and search). The resources arrive as JSON text and are
 * neither parsed nor printed again.
 */
export function searchset({ id, base, self, next, total, entries }: SearchsetBundle): string {
  const links = [link('self', self), ...(next === undefined ? [] : [link('next', next)])];
  const parts = [
    '"resourceType":"Bundle"',
    ...(id === undefined ? [] : [`"id":${JSON.stringify(id)}`]),
    '"type":"searchset"',
    ...(total === undefined ? [] : [`"total":${total}`]),
    `"link":[${links.join(',')}]`,
  ];
  const start = `{${parts.join(',')}`;
  // FHIR DSTU2 JSON does not allow empty arrays, so `entry` is left out when there are none.
  if (entries.length === 0) return `${start}}`;
  return joinEntries(`${start},"entry":[`, entries.map(createEntryPrinter(base)), ']}');
}

const link = (relation: string, url: string): string => JSON.stringify({ relation, url });

/** Returns a function that prints one Bundle entry as JSON text; `base` is the FHIR base URL used in `fullUrl`. */
export const createEntryPrinter =
  (base: string) =>
  ({ type, id, content, mode }: BundleEntry): string =>
    `{"fullUrl":${JSON.stringify(`${base}/${type}/${id}`)},"resource":${content},"search":{"mode":"${mode}"}}`;
