import { isObject } from '../../kernel/index.ts';
import { libraryTemplate } from './sections.ts';
import type { Statement } from './statements.ts';
import { attributeAt, type CdaNode, nodesAt } from './tree.ts';

/**
 * Returns the document that the conversion library converts: the header, and one section for each statement. Statements
 * inside others are statements of their own here. Planned procedures are left out. The library would say that they took
 * place.
 */
export function toLibraryInput(document: CdaNode, statements: readonly Statement[]): CdaNode {
  const component = statements.flatMap(withParts).filter(isForLibrary).map(toSection);
  return tagTimestamps({
    ...document,
    participant: nodesAt(document, 'participant').filter(isRelatedPerson),
    component: { structuredBody: { component } },
  }) as CdaNode;
}

/** A statement and all statements inside it. */
export const withParts = (statement: Statement): readonly Statement[] => [
  statement,
  ...statement.parts.flatMap(withParts),
];

const isForLibrary = ({ kind, tag }: Statement): boolean => kind !== 'plan' || tag === 'substanceAdministration';

const toSection = ({ kind, tag, node }: Statement): CdaNode => ({
  section: [
    {
      templateId: [{ '@_root': libraryTemplate(kind === 'plan' ? 'medications' : kind) }],
      title: '',
      entry: [{ [tag]: [{ ...REQUIRED_BY_LIBRARY, ...withoutParts(tag, node) }] }],
    },
  ],
});

/** Elements without which the library fails. C-CDA requires them, but not every document has them. */
const REQUIRED_BY_LIBRARY = { templateId: [{ '@_root': 'none' }], statusCode: { '@_code': 'unknown' } };

/** Removes the elements that this module converts itself, and those that the library would misread. */
function withoutParts(tag: Statement['tag'], node: CdaNode): CdaNode {
  // The values of observations are converted here. The library prints a warning for those that it doesn't know.
  const value = tag === 'observation' ? undefined : node['value'];
  return tag === 'act' ? node : { ...node, value, entryRelationship: [], component: [], performer: [] };
}

/** Roles of people who support the patient (US Realm Header, participant). */
const SUPPORT_ROLES = ['PRS', 'NOK', 'CAREGIVER', 'AGNT', 'GUAR', 'GUARD', 'ECON'];

const isRelatedPerson = (participant: CdaNode): boolean =>
  attributeAt(participant, 'typeCode') === 'IND' &&
  SUPPORT_ROLES.includes(attributeAt(participant, 'associatedEntity.classCode') ?? '') &&
  nodesAt(participant, 'associatedEntity.associatedPerson.name').length > 0;

const TIMES = ['effectiveTime', 'time', 'birthTime'];

/**
 * The library makes an instant of every timestamp. This puts the timestamp itself where the library expects the offset,
 * so that it can be read from the instant (readTimestampTag).
 */
function tagTimestamps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tagTimestamps);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, TIMES.includes(name) ? tagTime(inner) : tagTimestamps(inner)]),
  );
}

function tagTime(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tagTime);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (name === 'low' || name === 'high' || name === 'center') return [name, tagTime(inner)];
      return [name, name === '@_value' && typeof inner === 'string' ? tagTimestamp(inner) : inner];
    }),
  );
}

const tagTimestamp = (text: string): string => `${(/^\d*/.exec(text)?.[0] ?? '').slice(0, 14).padEnd(14, '0')}~${text}`;

/** Returns the timestamp of the document from a text of the library, if it has one. */
export const readTimestampTag = (text: string): string | undefined =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d~(.*)$/.exec(text)?.[1];
