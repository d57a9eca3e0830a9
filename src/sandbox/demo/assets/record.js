// Parts that R4 and DSTU2 express in the same way.
import { unitText } from './units.js';

export const NAMELESS = 'Name not recorded';

export const wordsOf = (concept) =>
  concept?.text ??
  (
    concept?.coding?.find(({ userSelected, display }) => userSelected && display) ??
    concept?.coding?.find(({ display }) => display)
  )?.display;

const USES = ['official', 'usual', undefined, 'temp', 'nickname', 'anonymous'];
const rankOf = ({ use }) => (USES.includes(use) ? USES.indexOf(use) : USES.length);
const COURTESY_TITLE = /^(?:mr|mrs|ms|miss|mx|sr|sra|srta)\.?$/i;

/** The official name, otherwise the usual one. The family name is a text in R4, and a list in DSTU2. */
export function nameText(names = []) {
  const [name] = names.toSorted((one, other) => rankOf(one) - rankOf(other));
  const { given = [], family = [], prefix = [], suffix = [], text } = name ?? {};
  if (text && (given.length === 0 || family.length === 0)) return text;
  const titles = prefix.filter((title) => !COURTESY_TITLE.test(title));
  return [[...titles, ...given, ...[family].flat()].join(' '), ...suffix].join(', ');
}
export const codesOf = (concept) => (concept?.coding ?? []).map(({ code }) => code);

export const newestFirst = (items, key) =>
  items.toSorted((a, b) => String(b[key] ?? '').localeCompare(String(a[key] ?? '')));

/** verificationStatus is a CodeableConcept in R4 and a code in DSTU2. */
const certainty = ({ verificationStatus: given }) => (typeof given === 'string' ? [given] : codesOf(given));

/** Drops resources that were entered in error. No other status is filtered here. */
export const valid = (resources) =>
  resources.filter((each) => ![each.status, ...certainty(each)].includes('entered-in-error'));

export const isRefuted = (given) => certainty(given).includes('refuted');

const DOUBTS = {
  unconfirmed: 'not confirmed',
  provisional: 'not confirmed',
  differential: 'one of several possibilities',
  unknown: 'not confirmed',
};

/** Words for an uncertain condition; undefined if it is certain or refuted. */
export const doubtOf = (given) => certainty(given).map((code) => DOUBTS[code])[0];

/** Whether a condition is a family history entry, judging by ICD-10 code or name. */
export const isFamilyHistory = ({ code }) =>
  [code?.text, ...(code?.coding ?? []).map(({ display }) => display)].some((text) =>
    /^\s*(family history|family hx|fh:|fhx)/i.test(text ?? ''),
  ) || (code?.coding ?? []).some((each) => /icd-10|6\.90$/.test(each.system ?? '') && /^Z8[0-4]/.test(each.code ?? ''));

/** Whether a result is about a fetus, a donor or a device instead of the patient. */
const isAboutAnother = ({ focus = [], subject }) => focus.some((each) => each.reference !== subject?.reference);

/** Results to show: not cancelled, not pending, and about the patient. */
export const counted = (resources) =>
  valid(resources).filter((each) => !['cancelled', 'registered'].includes(each.status) && !isAboutAnother(each));

const CHANGING = { preliminary: 'preliminary', partial: 'preliminary', unknown: 'status unknown' };

/** A note for a result that may still change. */
export const changing = ({ status }) => CHANGING[status];

export const quantityText = (given) =>
  given.valueQuantity ?? given.valueCodeableConcept ?? given.valueString ?? given.valueDateTime ?? given.valueBoolean;

const yesOrNo = (given) => (given === undefined ? undefined : given ? 'Yes' : 'No');

/** A value with its unit and reference range, or the word that replaces it. Only numeric values are charted. */
export function measurement(given) {
  const range = given.referenceRange?.[0];
  const { value, unit, code } = given.valueQuantity ?? {};
  return {
    code: codesOf(given.code)[0],
    name: wordsOf(given.code),
    value,
    unit: unitText(unit ?? code),
    word:
      wordsOf(given.valueCodeableConcept) ?? given.valueString ?? given.valueDateTime ?? yesOrNo(given.valueBoolean),
    low: range?.low?.value,
    high: range?.high?.value,
    rangeText: between(range?.low?.value, range?.high?.value) ?? range?.text,
    flag: flagOf(given.interpretation),
  };
}

const between = (low, high) =>
  low === undefined
    ? high === undefined
      ? undefined
      : `up to ${high}`
    : high === undefined
      ? `${low} or more`
      : `${low} to ${high}`;

const FLAGS = { H: 'high', HH: 'very high', L: 'low', LL: 'very low' };

/** A list in R4, a single concept in DSTU2. */
const flagOf = (interpretation) => FLAGS[codesOf([interpretation].flat()[0])[0]];

/** A status in R4, a flag in DSTU2. */
const wasNotGiven = ({ status, wasNotGiven: flag }) => status === 'not-done' || flag === true;

export const shots = (resources) =>
  newestFirst(
    valid(resources).map((given) => ({
      name: wordsOf(given.vaccineCode),
      at: given.occurrenceDateTime ?? given.date,
      missed: wasNotGiven(given) ? (wordsOf(given.statusReason) ?? 'Not given') : undefined,
      weak: given.isSubpotent === true,
      elsewhere: given.primarySource === false,
    })),
    'at',
  );

const VISIT_STATUSES = {
  planned: 'planned',
  arrived: 'in progress',
  triaged: 'in progress',
  'in-progress': 'in progress',
  onleave: 'in progress',
  cancelled: 'canceled',
  unknown: 'status unknown',
};

const CLASSES = { AMB: 'Office', EMER: 'Emergency', IMP: 'Hospital', VR: 'Video' };

export const visits = (resources) =>
  newestFirst(
    valid(resources).map((given) => ({
      name: wordsOf(given.type?.[0]) ?? 'Visit',
      kind: CLASSES[given.class?.code] ?? '',
      state: VISIT_STATUSES[given.status],
      at: given.period?.start,
      until: given.period?.end,
      where: given.location?.[0]?.location?.display ?? given.serviceProvider?.display,
      by: given.participant?.find(({ individual }) => individual?.display)?.individual.display,
      reasons: (given.reasonCode ?? given.reason ?? []).map(wordsOf).filter(Boolean),
    })),
    'at',
  );

export const documents = (resources) =>
  newestFirst(
    resources
      .filter((given) => given.status === 'current' && given.docStatus !== 'entered-in-error')
      .map((given) => ({
        name: given.description ?? given.content?.[0]?.attachment?.title ?? wordsOf(given.type) ?? 'Document',
        kind: wordsOf(given.type),
        state: given.docStatus === 'preliminary' ? 'preliminary' : undefined,
        at: given.date,
        by: given.author?.[0]?.display,
        attachment: given.content?.[0]?.attachment,
      })),
    'at',
  );
