import type { Resource } from '../../model/fhir-version.ts';
import type { SummarySection } from '../../model/summary.ts';
import { type GeneratedNarrative, narrativeTable, paragraphs, SUMMARY_LANGUAGE } from './narrative.ts';
import { COLUMNS, type ResourceLookup } from './narrative-columns.ts';
import { LOINC } from './search-conditions.ts';
import { type IpsSection, SECTIONS } from './sections.ts';

export const COMPOSITION_PROFILE = 'http://hl7.org/fhir/uv/ips/StructureDefinition/Composition-uv-ips';

export interface CompositionInput {
  readonly id: string;
  readonly now: Date;
  /**
   * `patient`, `device`, and `organization` are references to resources in the summary document. `organization` is the
   * patient's practice. It is undefined if the document doesn't contain the practice.
   */
  readonly patient: string;
  readonly device: string;
  readonly organization: string | undefined;
  readonly sections: readonly SummarySection[];
  /** Returns the reference by which a section lists a resource. */
  readonly referenceTo: (resource: Resource) => string;
  readonly lookup: ResourceLookup;
}

/**
 * Builds the Composition that comes first in the summary document (FHIR R4 §3.3; IPS 2.0.0, Composition-uv-ips). Its
 * authors are the practice and, because software compiled it, a device. It has no attester.
 * @param meta `meta` of the Composition; undefined leaves it out
 */
export function buildComposition(input: CompositionInput, meta: object | undefined): Resource {
  const { id, now, patient, device, organization } = input;
  return {
    resourceType: 'Composition',
    id,
    ...(meta === undefined ? {} : { meta }),
    language: SUMMARY_LANGUAGE,
    text: paragraphs(DISCLAIMER),
    status: 'final',
    type: { coding: [{ system: LOINC, code: '60591-5', display: 'Patient summary Document' }] },
    subject: { reference: patient },
    date: now.toISOString(),
    author: [organization, device].flatMap((reference) => (reference === undefined ? [] : [{ reference }])),
    title: 'International Patient Summary',
    ...(organization === undefined ? {} : { custodian: { reference: organization } }),
    section: SECTIONS.flatMap((section) => {
      const found = input.sections.find((one) => one.section === section.key);
      return found === undefined ? [] : [buildSection(section, found, input)];
    }),
  };
}

const DISCLAIMER =
  'Put together by software, out of the record at one practice, from what the app that asked for it is allowed. There may be more than is told here.';

function buildSection(
  section: IpsSection,
  sectionContent: SummarySection,
  { referenceTo, lookup }: CompositionInput,
): object {
  const { code, display, title, contentName } = section;
  const heading = { title, code: { coding: [{ system: LOINC, code, display }] } };
  const { resources, hasMore } = sectionContent;
  if (resources.length === 0) return { ...heading, text: emptySectionText(contentName), emptyReason: UNAVAILABLE };
  return {
    ...heading,
    text: sectionNarrative(section, resources, hasMore, lookup),
    entry: resources.map((resource) => ({ reference: referenceTo(resource) })),
  };
}

/**
 * Returns the text of a section without entries. It is the same in all cases: nothing was recorded, the app didn't
 * request it, the patient didn't allow it, or its content has a security label that isn't allowed. Summaries are passed
 * on and must not reveal that something was withheld.
 */
const emptySectionText = (about: string): GeneratedNarrative =>
  paragraphs(`This summary has no information about ${about}. That does not mean that there are none.`);
const UNAVAILABLE = {
  coding: [
    { system: 'http://terminology.hl7.org/CodeSystem/list-empty-reason', code: 'unavailable', display: 'Unavailable' },
  ],
  text: 'No information available',
};

function sectionNarrative(
  { key, contentName, latestOfEachKind }: IpsSection,
  resources: readonly Resource[],
  more: boolean,
  lookup: ResourceLookup,
): GeneratedNarrative {
  const columns = COLUMNS[key];
  const rows = resources.map((resource) =>
    columns.map(({ toText }, at) => toText(resource, lookup) || (at === 0 ? 'Not named' : '')),
  );
  return narrativeTable(
    columns.map(({ title }) => title),
    rows,
    [
      ...(latestOfEachKind ? ['Of each kind the latest is listed.'] : []),
      ...(more ? [`There are other ${contentName} in the record, which are not listed here.`] : []),
    ],
  );
}
