import { elementsAt, type IdentifierKind, identifierKind, isConfidentialIdentifier } from '../../fhir/index.ts';
import type { Messages } from '../../i18n/index.ts';
import { sanitizeText } from '../sanitize-text.ts';

type IdentifierMessages = Messages['patientPortal']['patientRecord']['values']['identifiers'];

/** A labeled ID number of a person. */
export interface DescribedIdentifier {
  readonly label: string;
  readonly text: string;
  /** Whether the page shows the number only after the reader opens it. */
  readonly isHidden: boolean;
}

/** Numbers of insurance, which are shown only with the insurance. */
const INSURANCE_KINDS: readonly (IdentifierKind | undefined)[] = ['member', 'subscriber'];

/**
 * Describes the ID numbers of a person, each with its kind. Only the last four digits of a Social Security number leave
 * the server. Numbers such as a passport's are hidden until the reader opens them. If a system sends a number twice, the
 * one that has a kind is kept.
 */
export function describeIdentifiers(resource: unknown, messages: IdentifierMessages): readonly DescribedIdentifier[] {
  const current = elementsAt(resource, 'identifier').filter(
    (identifier) =>
      !elementsAt(identifier, 'use').includes('old') && !INSURANCE_KINDS.includes(identifierKind(identifier)),
  );
  const described = current.flatMap((identifier) => {
    const value = textAt(identifier, 'value');
    return value === undefined ? [] : [{ value, ...describe(identifier, value, messages) }];
  });
  const byKnownKind = described.toSorted((one, other) => Number(one.isOther) - Number(other.isOther));
  return [...Map.groupBy(byKnownKind, ({ value }) => value).values()].flatMap(([first]) =>
    first === undefined ? [] : [{ label: first.label, text: first.text, isHidden: first.isHidden }],
  );
}

/** A label of the kind, otherwise the sender's name for it, otherwise a general one. */
function describe(identifier: unknown, value: string, { kinds, endsIn, onRecord }: IdentifierMessages) {
  const kind = identifierKind(identifier);
  const sentLabel = textAt(identifier, 'type.text') ?? textAt(identifier, 'type.coding.display');
  const label = kind === undefined ? (sentLabel ?? kinds.other) : kinds[kind];
  const isOther = kind === undefined && sentLabel === undefined;
  if (kind !== 'socialSecurity') return { label, text: value, isOther, isHidden: isConfidentialIdentifier(identifier) };
  const digits = value.replaceAll(/\D/g, '');
  return { label, text: digits.length === 9 ? endsIn(digits.slice(-4)) : onRecord, isOther, isHidden: false };
}

function textAt(identifier: unknown, path: string): string | undefined {
  const found = elementsAt(identifier, path).find((text) => typeof text === 'string' && sanitizeText(text) !== '');
  return found === undefined ? undefined : sanitizeText(String(found));
}

/** Returns the member number of an insurance (HL7 v2 table 0203, code MB). */
export function findMemberNumber(coverage: unknown): string | undefined {
  const member = elementsAt(coverage, 'identifier').find((identifier) => identifierKind(identifier) === 'member');
  return textAt(member, 'value');
}
