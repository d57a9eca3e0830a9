/** Parts of a summary Bundle that tests read. */
export interface Entry {
  readonly fullUrl: string;
  readonly resource: Resource;
}
export interface Resource {
  readonly resourceType: string;
  readonly id: string;
  readonly [element: string]: unknown;
}
export interface Section {
  readonly title: string;
  readonly code: { readonly coding: readonly { readonly code: string }[] };
  readonly text: { readonly status: string; readonly div: string };
  readonly entry?: readonly { readonly reference: string }[];
  readonly emptyReason?: { readonly coding: readonly { readonly code: string }[] };
}
export interface Summary {
  readonly resourceType: string;
  readonly type: string;
  readonly identifier: { readonly system: string; readonly value: string };
  readonly timestamp: string;
  readonly meta?: { readonly profile?: readonly string[]; readonly security?: readonly object[] };
  readonly entry: readonly Entry[];
}

export const readComposition = ({ entry: [first] }: Summary) =>
  first?.resource as Resource & {
    readonly section: readonly Section[];
    readonly author: readonly { readonly reference: string }[];
    readonly custodian?: { readonly reference: string };
  };

export const findSection = (summary: Summary, code: string): Section | undefined =>
  readComposition(summary).section.find((one) => one.code.coding[0]?.code === code);

/** Resources of a section as `Type/number`. The id of each resource begins with its number. */
export const sectionResources = (summary: Summary, code: string): readonly string[] =>
  (findSection(summary, code)?.entry ?? []).map(({ reference }) => {
    const resource = summary.entry.find(({ fullUrl }) => fullUrl === reference)?.resource;
    return `${resource?.resourceType}/${Number(resource?.id.slice(0, 8))}`;
  });

interface DocumentReferenceUse {
  readonly from: string;
  readonly reference: string;
}

function referencesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) =>
    name === 'reference' && typeof part === 'string' ? [part] : referencesIn(part),
  );
}

/** FHIR R4 §2.36.4.1: a relative reference is resolved with the fullUrl of its entry, if that is a RESTful URL. */
function resolveReference({ from, reference }: DocumentReferenceUse): string {
  if (/^[a-z]+:/i.test(reference)) return reference;
  const base = /^(https?:.*)\/[A-Za-z]+\/[^/]+$/.exec(from)?.[1];
  return base === undefined ? `(nothing that ${reference} is relative to)` : `${base}/${reference}`;
}

/**
 * Violations of the rules for documents: FHIR R4 §2.36 (bdl-3, 4, 7 to 11), §3.3, and IPS 2.0.0 (bdl-ips-1,
 * ips-comp-1).
 */
export function documentProblems(summary: Summary): readonly string[] {
  const { entry, identifier, timestamp } = summary;
  const addresses = entry.map(({ fullUrl }) => fullUrl);
  const named: readonly DocumentReferenceUse[] = entry.flatMap(({ fullUrl, resource }) =>
    referencesIn(resource)
      .filter((reference) => !reference.startsWith('#'))
      .map((reference) => ({ from: fullUrl, reference })),
  );
  const reached = new Set(addresses.slice(0, 1));
  for (const address of reached) for (const one of named) if (one.from === address) reached.add(resolveReference(one));
  const composition = readComposition(summary);
  return [
    ...(summary.resourceType === 'Bundle' && summary.type === 'document' ? [] : ['no document']),
    ...(identifier?.system && identifier.value ? [] : ['bdl-9: no identifier']),
    ...(Number.isNaN(Date.parse(timestamp)) ? ['bdl-10: no timestamp'] : []),
    ...(composition.resourceType === 'Composition' ? [] : ['bdl-11: not led by a Composition']),
    ...(entry[1]?.resource.resourceType === 'Patient' ? [] : ['the Patient is not second']),
    ...(new Set(addresses).size === addresses.length ? [] : ['bdl-7: an address twice']),
    ...addresses.filter((one) => one.includes('/_history/')).map((one) => `bdl-8: ${one}`),
    ...entry.filter((one) => ['search', 'request', 'response'].some((name) => name in one)).map(() => 'bdl-3, 4'),
    ...entry
      .slice(1)
      .filter(({ resource }) => resource.resourceType === 'Composition')
      .map(() => 'bdl-ips-1'),
    ...entry.filter(({ fullUrl, resource }) => !fullUrl.endsWith(resource.id)).map(({ fullUrl }) => `id of ${fullUrl}`),
    ...named
      .filter((one) => !addresses.includes(resolveReference(one)))
      .map(({ from, reference }) => `${from}: ${reference}`),
    ...addresses.filter((one) => !reached.has(one)).map((one) => `nothing refers to ${one}`),
    ...['11450-4', '48765-2', '10160-0'].filter((code) => findSection(summary, code) === undefined),
    ...composition.section
      .filter((one) => (one.entry === undefined) === (one.emptyReason === undefined) || one.text.div === '')
      .map(({ title }) => `ips-comp-1: ${title}`),
  ];
}
