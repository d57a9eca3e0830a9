import type { TokenValue } from '../core/search-parameter.ts';
import { allergyStatus, CLINICAL_STATUS, VERIFICATION_STATUS } from './convert/allergy-intolerance.ts';
import { storedSystem } from './convert/code-system.ts';
import { LOINC, type Recoding } from './convert/coding.ts';
import { CATEGORIES } from './convert/condition.ts';
import { FORMATS, R4_FORMATS } from './convert/document-reference.ts';
import type { Codes } from './convert/element.ts';
import { BLOOD_PRESSURE } from './convert/observation.ts';

/** Translates a searched DSTU2 token into the stored R4 tokens that it matches, which is the conversion in reverse. */
export type ToStored = (value: TokenValue) => readonly TokenValue[];

/** Matches concepts as written and, if the DSTU2 name of the code system differs, with its R4 name. */
export const concepts: ToStored = (value) => {
  const system = value.system === undefined ? undefined : storedSystem(value.system);
  return system === value.system ? [value] : [value, { ...value, system }];
};

/** Matches concepts of which some codes have another code system in DSTU2. */
export const recodedConcepts =
  (table: Recoding): ToStored =>
  (value) => {
    const recoded = [...table].filter(([, dstu2]) => isAskedFor(value, ...splitToken(dstu2)));
    return [
      ...concepts(value),
      ...recoded.map(([stored]) => splitToken(stored)).map(([system, code]) => ({ system, code })),
    ];
  };

/** Argonaut has its own codes for the categories of conditions. */
export const conditionCategories: ToStored = recodedConcepts(CATEGORIES);

/** DSTU2 and R4 use different code systems for document formats. */
export const documentFormats: ToStored = (value) =>
  value.system === FORMATS ? [value, { ...value, system: R4_FORMATS }] : concepts(value);

/** A search for Argonaut's blood pressure code also finds panels with the current LOINC code. */
export const observationCodes: ToStored = (value) =>
  isAskedFor(value, LOINC, BLOOD_PRESSURE.before) && value.code !== undefined
    ? [value, { system: LOINC, code: BLOOD_PRESSURE.now }]
    : concepts(value);

/**
 * Translates an element of type `code`, whose code system is implied. A code that DSTU2 does not define for the element
 * matches nothing.
 */
export const codesOf =
  (systems: { readonly dstu2: string; readonly stored: string }, table: Codes): ToStored =>
  (value) =>
    [...table]
      .filter(([, code]) => isAskedFor({ ...value, system: value.system || systems.dstu2 }, systems.dstu2, code))
      .map(([code]) => ({ system: systems.stored, code }));

/**
 * The index stores the two R4 statuses as one token, `clinical/verification`, with an empty part for a missing status.
 * In DSTU2 `confirmed` and `unconfirmed` allergies are active ones, so a search for `active` includes them.
 */
export const allergyStatuses: ToStored = (value) =>
  [undefined, ...CLINICAL_STATUS.keys()].flatMap((clinical) =>
    [undefined, ...VERIFICATION_STATUS.keys()]
      .filter((verification) => {
        const status = allergyStatus(clinical, verification);
        const names = status.endsWith('confirmed') ? [status, 'active'] : [status];
        return names.some((name) =>
          isAskedFor({ ...value, system: value.system || ALLERGY_STATUS }, ALLERGY_STATUS, name),
        );
      })
      .map((verification) => ({ system: undefined, code: `${clinical ?? ''}/${verification ?? ''}` })),
  );
const ALLERGY_STATUS = 'http://hl7.org/fhir/allergy-intolerance-status';

/** Whether a searched token matches a code. Codes are compared without case, as in the index. */
export const isAskedFor = (searched: TokenValue, system: string, code: string): boolean =>
  (searched.system === undefined || searched.system === system) &&
  (searched.code === undefined || searched.code.toLowerCase() === code.toLowerCase());

function splitToken(token: string): readonly [system: string, code: string] {
  const bar = token.lastIndexOf('|');
  return [token.slice(0, bar), token.slice(bar + 1)];
}
