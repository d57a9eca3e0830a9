import { elementsAt } from '../../fhir/index.ts';

const MEMBER = 'MB';
const SUBSCRIBER = 'SN';

const hasType = (identifier: unknown, code: string): boolean =>
  elementsAt(identifier, 'type.coding.code').includes(code);

/**
 * Whether an insurer issued the number: HL7 v2 table 0203, codes MB (member) and SN (subscriber). Such numbers are
 * shown only with the insurance.
 */
export const isInsuranceNumber = (identifier: unknown): boolean =>
  hasType(identifier, MEMBER) || hasType(identifier, SUBSCRIBER);

export const findMemberNumber = (resource: unknown): unknown =>
  elementsAt(resource, 'identifier').find((identifier) => hasType(identifier, MEMBER));
