import type { TokenValue } from '../core/search-parameter.ts';
import { allergyStatus, CLINICAL_STATUS, VERIFICATION_STATUS } from './convert/allergy-intolerance.ts';
import { storedSystem } from './convert/code-system.ts';
import { LOINC, type Recoding } from './convert/coding.ts';
import { CATEGORIES } from './convert/condition.ts';
import { FORMATS, R4_FORMATS } from './convert/document-reference.ts';
import type { Codes } from './convert/element.ts';
import { BLOOD_PRESSURE } from './convert/observation.ts';

/** The stored values that one of a DSTU2 search stands for: the conversion, read backwards. */
export type ToStored = (value: TokenValue) => readonly TokenValue[];

/** For concepts: as it is written, and with the name its system has today. */
export const concepts: ToStored = (value) => {
  const system = value.system === undefined ? undefined : storedSystem(value.system);
  return system === value.system ? [value] : [value, { ...value, system }];
};

/** For concepts of which DSTU2 has some codes in another system. */
export const recodedConcepts =
  (table: Recoding): ToStored =>
  (value) => {
    const own = [...table].filter(([, dstu2]) => isAskedFor(value, ...parted(dstu2)));
    return [...concepts(value), ...own.map(([stored]) => parted(stored)).map(([system, code]) => ({ system, code }))];
  };

/** Argonaut's categories have codes of their own. */
export const conditionCategories: ToStored = recodedConcepts(CATEGORIES);

/** The formats of documents are another system in DSTU2. */
export const documentFormats: ToStored = (value) =>
  value.system === FORMATS ? [value, { ...value, system: R4_FORMATS }] : concepts(value);

/** Who asks for blood pressures by Argonaut's code means those of today as well. */
export const observationCodes: ToStored = (value) =>
  isAskedFor(value, LOINC, BLOOD_PRESSURE.before) && value.code !== undefined
    ? [value, { system: LOINC, code: BLOOD_PRESSURE.now }]
    : concepts(value);

/**
 * For an element that is a code in DSTU2, so that its system goes without saying. A code that DSTU2 does not have there
 * stands for nothing.
 */
export const codesOf =
  (systems: { readonly dstu2: string; readonly stored: string }, table: Codes): ToStored =>
  (value) =>
    [...table]
      .filter(([, code]) => isAskedFor({ ...value, system: value.system || systems.dstu2 }, systems.dstu2, code))
      .map(([code]) => ({ system: systems.stored, code }));

/**
 * The index has the two statuses of R4 as one token, `clinical/verification`, either of them empty where the resource has
 * none. In DSTU2 confirmed and unconfirmed allergies are kinds of active ones.
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

/** Codes ignore case, as they do in the index. */
export const isAskedFor = (asked: TokenValue, system: string, code: string): boolean =>
  (asked.system === undefined || asked.system === system) &&
  (asked.code === undefined || asked.code.toLowerCase() === code.toLowerCase());

function parted(token: string): readonly [system: string, code: string] {
  const bar = token.lastIndexOf('|');
  return [token.slice(0, bar), token.slice(bar + 1)];
}
