// What both versions of FHIR say in the same way.

export const wordsOf = (concept) => concept?.text ?? concept?.coding?.find(({ display }) => display)?.display;
export const codesOf = (concept) => (concept?.coding ?? []).map(({ code }) => code);

export const newestFirst = (items, key) => items.toSorted((a, b) => (b[key] ?? '').localeCompare(a[key] ?? ''));

export const quantityText = (given) =>
  given.valueQuantity ?? given.valueCodeableConcept ?? given.valueString ?? given.valueDateTime ?? given.valueBoolean;

/** A value with its unit and range, or the word that stands for it. Points are drawn of values only. */
export function measurement(given) {
  const range = given.referenceRange?.[0];
  const { value, unit } = given.valueQuantity ?? {};
  return {
    code: codesOf(given.code)[0],
    name: wordsOf(given.code),
    value,
    unit: unit ?? '',
    word: wordsOf(given.valueCodeableConcept) ?? given.valueString ?? given.valueDateTime,
    low: range?.low?.value,
    high: range?.high?.value,
    rangeText: range?.text,
    flag: flagOf(given.interpretation),
  };
}

const FLAGS = { H: 'high', HH: 'very high', L: 'low', LL: 'very low' };

/** A list in R4, one in DSTU2. */
const flagOf = (interpretation) => FLAGS[codesOf([interpretation].flat()[0])[0]];

export const shots = (resources) =>
  newestFirst(
    resources.map((given) => ({
      name: wordsOf(given.vaccineCode),
      at: given.occurrenceDateTime ?? given.date,
      missed: given.status === 'not-done' ? (wordsOf(given.statusReason) ?? 'Not given') : undefined,
      elsewhere: given.primarySource === false,
    })),
    'at',
  );

const CLASSES = { AMB: 'Office', EMER: 'Emergency', IMP: 'Hospital', VR: 'Video' };

export const visits = (resources) =>
  newestFirst(
    resources.map((given) => ({
      name: wordsOf(given.type?.[0]) ?? 'Visit',
      kind: CLASSES[given.class?.code] ?? '',
      at: given.period?.start,
      until: given.period?.end,
      where: given.location?.[0]?.location?.display ?? given.serviceProvider?.display,
      by: given.participant?.find(({ individual }) => individual?.display)?.individual.display,
      reasons: (given.reasonCode ?? given.reason ?? []).map(wordsOf),
    })),
    'at',
  );

export const documents = (resources) =>
  newestFirst(
    resources
      .filter((given) => given.status === 'current')
      .map((given) => ({
        name: given.description ?? given.content?.[0]?.attachment?.title ?? wordsOf(given.type),
        kind: wordsOf(given.type),
        at: given.date,
        by: given.author?.[0]?.display,
        attachment: given.content?.[0]?.attachment,
      })),
    'at',
  );
