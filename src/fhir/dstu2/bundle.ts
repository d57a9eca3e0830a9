import type { BundleEntry, SearchsetBundle } from '../core/version.ts';

/** FHIR DSTU2, Bundle and search. The resources are text already: nothing here is parsed or printed again. */
export function searchset({ id, base, self, next, total, entries }: SearchsetBundle): string {
  const links = [link('self', self), ...(next === undefined ? [] : [link('next', next)])];
  const parts = [
    '"resourceType":"Bundle"',
    ...(id === undefined ? [] : [`"id":${JSON.stringify(id)}`]),
    '"type":"searchset"',
    ...(total === undefined ? [] : [`"total":${total}`]),
    `"link":[${links.join(',')}]`,
    // FHIR DSTU2, JSON: what is there is not empty.
    ...(entries.length === 0 ? [] : [`"entry":[${entries.map(entriesAt(base)).join(',')}]`]),
  ];
  return `{${parts.join(',')}}`;
}

const link = (relation: string, url: string): string => JSON.stringify({ relation, url });

export const entriesAt =
  (base: string) =>
  ({ type, id, content, mode }: BundleEntry): string =>
    `{"fullUrl":${JSON.stringify(`${base}/${type}/${id}`)},"resource":${content},"search":{"mode":"${mode}"}}`;
