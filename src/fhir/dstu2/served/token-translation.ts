import type { TokenValue } from '../../model/search-parameter.ts';
import {
  ALLERGY_CLINICAL_STATUS,
  ALLERGY_VERIFICATION_STATUS,
  allergyStatus,
} from '../convert/clinical/allergy-intolerance.ts';
import { CONDITION_CATEGORIES } from '../convert/clinical/condition.ts';
import type { CodeMap } from '../convert/conversion-rules.ts';
import { r4System } from '../convert/datatypes/code-system.ts';
import { type CodingMap, LOINC } from '../convert/datatypes/coding.ts';
import { DSTU2_DOCUMENT_FORMATS, R4_DOCUMENT_FORMATS } from '../convert/findings/document-reference.ts';
import { BLOOD_PRESSURE_CODES } from '../convert/findings/observation.ts';

/** Translates a searched DSTU2 token into the stored R4 tokens that it matches, which is the conversion in reverse. */
export type TokenTranslation = (value: TokenValue) => readonly TokenValue[];

/** Matches concepts as written and, if the DSTU2 name of the code system differs, with its R4 name. */
export const conceptTokens: TokenTranslation = (value) => {
  const system = value.system === undefined ? undefined : r4System(value.system);
  return system === value.system ? [value] : [value, { ...value, system }];
};

/** Matches concepts of which some codes have another code system in DSTU2. */
export const recodedConceptTokens =
  (table: CodingMap): TokenTranslation =>
  (value) => {
    const recoded = [...table].filter(([, dstu2]) => tokenMatches(value, ...splitToken(dstu2)));
    return [
      ...conceptTokens(value),
      ...recoded.map(([stored]) => splitToken(stored)).map(([system, code]) => ({ system, code })),
    ];
  };

/** Argonaut has its own codes for the categories of conditions. */
export const conditionCategoryTokens: TokenTranslation = recodedConceptTokens(CONDITION_CATEGORIES);

/** DSTU2 and R4 use different code systems for document formats. */
export const documentFormatTokens: TokenTranslation = (value) =>
  value.system === DSTU2_DOCUMENT_FORMATS ? [value, { ...value, system: R4_DOCUMENT_FORMATS }] : conceptTokens(value);

/** A search for Argonaut's blood pressure code also finds panels with the current LOINC code. */
export const observationCodeTokens: TokenTranslation = (value) =>
  tokenMatches(value, LOINC, BLOOD_PRESSURE_CODES.before) && value.code !== undefined
    ? [value, { system: LOINC, code: BLOOD_PRESSURE_CODES.now }]
    : conceptTokens(value);

/**
 * Translates an element of type `code`, whose code system is implied. A code that DSTU2 does not define for the element
 * matches nothing.
 */
export const codeTokens =
  (systems: { readonly dstu2: string; readonly stored: string }, table: CodeMap): TokenTranslation =>
  (value) =>
    [...table]
      .filter(([, code]) => tokenMatches({ ...value, system: value.system || systems.dstu2 }, systems.dstu2, code))
      .map(([code]) => ({ system: systems.stored, code }));

/**
 * The index stores the two R4 statuses as one token, `clinical/verification`, with an empty part for a missing status.
 * In DSTU2 `confirmed` and `unconfirmed` allergies are active ones, so a search for `active` includes them.
 */
export const allergyStatusTokens: TokenTranslation = (value) =>
  [undefined, ...ALLERGY_CLINICAL_STATUS.keys()].flatMap((clinical) =>
    [undefined, ...ALLERGY_VERIFICATION_STATUS.keys()]
      .filter((verification) => {
        const status = allergyStatus(clinical, verification);
        const names = status.endsWith('confirmed') ? [status, 'active'] : [status];
        return names.some((name) =>
          tokenMatches({ ...value, system: value.system || ALLERGY_STATUS }, ALLERGY_STATUS, name),
        );
      })
      .map((verification) => ({ system: undefined, code: `${clinical ?? ''}/${verification ?? ''}` })),
  );
const ALLERGY_STATUS = 'http://hl7.org/fhir/allergy-intolerance-status';

/** Whether a searched token matches a code. Codes are compared without case, as in the index. */
export const tokenMatches = (searched: TokenValue, system: string, code: string): boolean =>
  (searched.system === undefined || searched.system === system) &&
  (searched.code === undefined || searched.code.toLowerCase() === code.toLowerCase());

function splitToken(token: string): readonly [system: string, code: string] {
  const bar = token.lastIndexOf('|');
  return [token.slice(0, bar), token.slice(bar + 1)];
}

/** A code system that both versions use. */
export const sameSystem = (system: string) => ({ dstu2: system, stored: system });
