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

/**
 * Translates a DSTU2 token of a search into the stored R4 tokens that it matches. It reverses the conversion of codes.
 */
export type TokenTranslation = (value: TokenValue) => readonly TokenValue[];

/**
 * Searches for the token as the client wrote it. If DSTU2 has another URI for the code system, it searches for the R4
 * URI too.
 */
export const conceptTokens: TokenTranslation = (value) => {
  const system = value.system === undefined ? undefined : r4System(value.system);
  return system === value.system ? [value] : [value, { ...value, system }];
};

/**
 * Builds the translation of search tokens for a CodeableConcept in which some codes have another code system in DSTU2.
 */
export const recodedConceptTokens =
  (table: CodingMap): TokenTranslation =>
  (value) => {
    const recoded = [...table].filter(([, dstu2]) => tokenMatches(value, ...splitToken(dstu2)));
    return [
      ...conceptTokens(value),
      ...recoded.map(([stored]) => splitToken(stored)).map(([system, code]) => ({ system, code })),
    ];
  };

/** Translates a searched category of Conditions. Argonaut has its own codes for the categories. */
export const conditionCategoryTokens: TokenTranslation = recodedConceptTokens(CONDITION_CATEGORIES);

/** Translates a searched document format. DSTU2 and R4 have different code systems for formats. */
export const documentFormatTokens: TokenTranslation = (value) =>
  value.system === DSTU2_DOCUMENT_FORMATS ? [value, { ...value, system: R4_DOCUMENT_FORMATS }] : conceptTokens(value);

/**
 * Translates an Observation code: Argonaut's code for blood pressure panels also finds panels with the current LOINC
 * code.
 */
export const observationCodeTokens: TokenTranslation = (value) =>
  tokenMatches(value, LOINC, BLOOD_PRESSURE_CODES.before) && value.code !== undefined
    ? [value, { system: LOINC, code: BLOOD_PRESSURE_CODES.now }]
    : conceptTokens(value);

/**
 * Builds the translation of search tokens for an element of type `code`, whose code system is implied. A code that
 * DSTU2 does not define for the element matches nothing.
 */
export const codeTokens =
  (systems: { readonly dstu2: string; readonly stored: string }, table: CodeMap): TokenTranslation =>
  (value) =>
    [...table]
      .filter(([, code]) => tokenMatches({ ...value, system: value.system || systems.dstu2 }, systems.dstu2, code))
      .map(([code]) => ({ system: systems.stored, code }));

/**
 * Translates the status of an AllergyIntolerance. The index stores the two R4 statuses as one token,
 * `clinical/verification`, where a missing status is an empty string. In DSTU2, `confirmed` and `unconfirmed` allergies
 * are active, so a search for `active` includes them.
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

/** Whether a token of a search matches a code. Codes are compared without case, as in the index. */
export const tokenMatches = (searched: TokenValue, system: string, code: string): boolean =>
  (searched.system === undefined || searched.system === system) &&
  (searched.code === undefined || searched.code.toLowerCase() === code.toLowerCase());

function splitToken(token: string): readonly [system: string, code: string] {
  const bar = token.lastIndexOf('|');
  return [token.slice(0, bar), token.slice(bar + 1)];
}

/** Describes a code system whose URI is the same in DSTU2 and R4. */
export const sameSystem = (system: string) => ({ dstu2: system, stored: system });
