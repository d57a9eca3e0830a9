// Reads elements of FHIR resources. What R4 has as a list or a CodeableConcept is often single or a code in DSTU2, so
// these functions take both.

export const listOf = (value) => (value === undefined ? [] : [value].flat());

/** The codes of a code, a CodeableConcept, a Coding, or a list of them. */
export const codesOf = (value) =>
  listOf(value).flatMap((each) =>
    typeof each === 'string' ? [each] : (each.coding ?? [each]).flatMap(({ code }) => code ?? []),
  );

/** The kind of a concept at the end of a full SNOMED CT name, which isn't a part of the terms that people use. */
const SEMANTIC_TAG = / \((?:disorder|finding|procedure|situation|substance|product|clinical drug|qualifier value)\)$/;

/** The name of a CodeableConcept in the sender's words. */
export function wordsOf(concept) {
  const named = (concept?.coding ?? []).filter(({ display }) => display);
  const name = concept?.text ?? (named.find(({ userSelected }) => userSelected) ?? named[0])?.display;
  return name?.replace(SEMANTIC_TAG, '');
}

/** The names of a list of CodeableConcepts; undefined if there are none. */
export const allWords = (concepts) => listOf(concepts).map(wordsOf).filter(Boolean).join(', ') || undefined;

/** The text of an Annotation, a list of them, or a string. */
export const noteText = (note) =>
  listOf(note)
    .map((each) => each.text ?? each)
    .join(' ') || undefined;

const USES = ['official', 'usual', undefined, 'temp', 'nickname', 'anonymous'];
/** A former name comes last: one that is old or maiden, or whose period has ended. */
const rankOf = ({ use, period }) => (USES.includes(use) && period?.end === undefined ? USES.indexOf(use) : USES.length);
const COURTESY_TITLE = /^(?:mr|mrs|ms|miss|mx|master|sr|sra|srta|señor|señora|señorita)\.?$/i;
const NUMERAL = /^(?:[IVX]+|\d+(?:st|nd|rd|th))$/;

/** The official name, otherwise the usual one: "Joan Ada Stone, PhD". The family name is a list in DSTU2. */
export const nameText = (names = []) =>
  names
    .toSorted((one, other) => rankOf(one) - rankOf(other))
    .map(formatName)
    .find(Boolean);

function formatName({ given = [], family, prefix = [], suffix = [], text }) {
  const parts = [...given, ...listOf(family)];
  if (text && (given.length === 0 || family === undefined)) return text;
  if (parts.length === 0) return undefined;
  const titles = prefix.filter((title) => !COURTESY_TITLE.test(title));
  return (
    [...titles, ...parts].join(' ') + suffix.map((each) => (NUMERAL.test(each) ? ` ${each}` : `, ${each}`)).join('')
  );
}

export const certaintyOf = ({ verificationStatus }) => codesOf(verificationStatus);

/** Leaves out what was entered in error. Everything that is shown passes through here. */
export const valid = (resources = []) =>
  resources.filter(
    (each) => ![each.status, ...codesOf(each.docStatus), ...certaintyOf(each)].includes('entered-in-error'),
  );

/** Whether a Condition is about relatives: its code is ICD-10 Z80 to Z84, or its name says so. */
export const isFamilyHistory = ({ code }) =>
  [code?.text, ...(code?.coding ?? []).map(({ display }) => display)].some((text) =>
    /^\s*(?:family history|family hx|fh:|fhx)/i.test(text ?? ''),
  ) || (code?.coding ?? []).some((each) => /icd-10|6\.90$/.test(each.system ?? '') && /^Z8[0-4]/.test(each.code ?? ''));

/** Whether an Observation is about a fetus, a donor or a device instead of the patient. */
export const isAboutAnother = ({ focus = [], subject }) => focus.some((each) => each.reference !== subject?.reference);
