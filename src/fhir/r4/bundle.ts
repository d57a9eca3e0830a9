import type { BundleEntry, SearchsetBundle } from '../core/version.ts';

/** FHIR R4 §2.36 and search §3.1.1.3. The resources are text already: nothing here is parsed or printed again. */
export function searchset(bundle: SearchsetBundle): string {
  const id = bundle.id === undefined ? '' : `"id":${JSON.stringify(bundle.id)},`;
  const next = bundle.next === undefined ? '' : `,{"relation":"next","url":${JSON.stringify(bundle.next)}}`;
  const total = bundle.total === undefined ? '' : `"total":${bundle.total},`;
  const link = `[{"relation":"self","url":${JSON.stringify(bundle.self)}}${next}]`;
  // An empty array is not JSON of FHIR: R4 §2.6.2.
  const entry =
    bundle.entries.length === 0 ? '' : `,"entry":[${bundle.entries.map((one) => entryOf(one, bundle.base)).join(',')}]`;
  return `{"resourceType":"Bundle",${id}"type":"searchset",${total}"link":${link}${entry}}`;
}

const entryOf = ({ type, id, content, mode }: BundleEntry, base: string): string =>
  `{"fullUrl":${JSON.stringify(`${base}/${type}/${id}`)},"resource":${content},"search":{"mode":"${mode}"}}`;
