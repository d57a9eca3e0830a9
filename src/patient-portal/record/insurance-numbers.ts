import { elementsAt } from '../../fhir/index.ts';

const MEMBER = 'MB';
const SUBSCRIBER = 'SN';

const hasType = (identifier: unknown, code: string): boolean =>
  elementsAt(identifier, 'type.coding.code').includes(code);

/**
 * HL7 v2 table 0203: whether an insurer issued the number (MB member, SN subscriber). Such numbers are shown only with
 * the insurance.
 */
export const isInsuranceNumber = (identifier: unknown): boolean =>
  hasType(identifier, MEMBER) || hasType(identifier, SUBSCRIBER);

export const findMemberNumber = (resource: unknown): unknown =>
  elementsAt(resource, 'identifier').find((identifier) => hasType(identifier, MEMBER));
