import type { SummarySection } from '../../core/summary.ts';
import type { Resource } from '../../core/version.ts';
import { COLUMNS, type LookUp } from './columns.ts';
import { LOINC } from './looked-for.ts';
import { LANGUAGE, type Narrative, sentences, table } from './narrative.ts';
import { type IpsSection, SECTIONS } from './sections.ts';

export const COMPOSITION_PROFILE = 'http://hl7.org/fhir/uv/ips/StructureDefinition/Composition-uv-ips';

export interface Composed {
  readonly id: string;
  readonly now: Date;
  /** Addresses in the document; `organization` is that of the patient's practice, if it is there. */
  readonly patient: string;
  readonly device: string;
  readonly organization: string | undefined;
  readonly sections: readonly SummarySection[];
  /** Address of the entry that stands for a resource in a section. */
  readonly addressOf: (resource: Resource) => string;
  readonly lookUp: LookUp;
}

/**
 * The Composition that leads the document. FHIR R4 §3.3, IPS 2.0.0, Composition-uv-ips: its author is a device where a
 * summary was put together by software, beside the practice whose record it is; nobody attests it.
 * @param meta undefined: it has nothing to say
 */
export function composition(composed: Composed, meta: object | undefined): Resource {
  const { id, now, patient, device, organization } = composed;
  return {
    resourceType: 'Composition',
    id,
    ...(meta === undefined ? {} : { meta }),
    language: LANGUAGE,
    text: sentences(ABOUT),
    status: 'final',
    type: { coding: [{ system: LOINC, code: '60591-5', display: 'Patient summary Document' }] },
    subject: { reference: patient },
    date: now.toISOString(),
    author: [organization, device].flatMap((reference) => (reference === undefined ? [] : [{ reference }])),
    title: 'International Patient Summary',
    ...(organization === undefined ? {} : { custodian: { reference: organization } }),
    section: SECTIONS.flatMap((section) => {
      const found = composed.sections.find((one) => one.section === section.key);
      return found === undefined ? [] : [sectionOf(section, found, composed)];
    }),
  };
}

const ABOUT =
  'Put together by software, out of the record at one practice, from what the app that asked for it is allowed. There may be more than is told here.';

function sectionOf(section: IpsSection, found: SummarySection, { addressOf, lookUp }: Composed): object {
  const { code, display, title, about } = section;
  const is = { title, code: { coding: [{ system: LOINC, code, display }] } };
  const { resources, more } = found;
  if (resources.length === 0) return { ...is, text: nothing(about), emptyReason: UNAVAILABLE };
  return {
    ...is,
    text: narrativeOf(section, resources, more, lookUp),
    entry: resources.map((resource) => ({ reference: addressOf(resource) })),
  };
}

/**
 * The same words whether nothing was recorded, it was not asked for, the patient did not allow it or what there is carries a
 * label that was not allowed: a document goes to others, and must not tell them what was kept from them.
 */
const nothing = (about: string): Narrative =>
  sentences(`This summary has no information about ${about}. That does not mean that there are none.`);
const UNAVAILABLE = {
  coding: [
    { system: 'http://terminology.hl7.org/CodeSystem/list-empty-reason', code: 'unavailable', display: 'Unavailable' },
  ],
  text: 'No information available',
};

function narrativeOf(
  { key, about, ofEachKind }: IpsSection,
  resources: readonly Resource[],
  more: boolean,
  lookUp: LookUp,
): Narrative {
  const columns = COLUMNS[key];
  const rows = resources.map((resource) =>
    columns.map(({ told }, at) => told(resource, lookUp) || (at === 0 ? 'Not named' : '')),
  );
  return table(
    columns.map(({ title }) => title),
    rows,
    [
      ...(ofEachKind ? ['Of each kind the latest is listed.'] : []),
      ...(more ? [`There are other ${about} in the record, which are not listed here.`] : []),
    ],
  );
}
