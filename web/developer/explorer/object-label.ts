type Members = Readonly<Record<string, unknown>>;

/** Elements that say what a resource is about, the most telling first. Names of R4 and DSTU2. */
const SUBJECT_ELEMENTS = [
  'name',
  'deviceName',
  'code',
  'medicationCodeableConcept',
  'medicationReference',
  'medication',
  'vaccineCode',
  'substance',
  'title',
  'description',
  'type',
  'serviceType',
  'category',
  'details',
  'issue',
] as const;

/** Elements with the date of a resource: first when it happened, then when it was recorded. Names of R4 and DSTU2. */
const DATE_ELEMENTS = [
  'effectiveDateTime',
  'effectivePeriod',
  'onsetDateTime',
  'onsetPeriod',
  'performedDateTime',
  'performedPeriod',
  'occurrenceDateTime',
  'occurrencePeriod',
  'whenHandedOver',
  'period',
  'authoredOn',
  'dateWritten',
  'startDate',
  'birthDate',
  'date',
  'recordedDate',
  'dateRecorded',
  'dateAsserted',
  'issued',
  'created',
  'indexed',
  'sent',
  'recorded',
] as const;

const SEPARATOR = ' · ';
/** Maximum number of characters of one part of a label, so that a label stays on one line. */
const MAX_LENGTH = 60;

/**
 * Returns a short label for a collapsed object: for a resource its type, what it is about and its date, otherwise a
 * text or code in it. The label of a Bundle entry is that of its resource. Returns undefined if the object has nothing
 * readable.
 */
export function objectLabel(value: object): string | undefined {
  const object = value as Members;
  if (isObject(object['resource'])) return objectLabel(object['resource']);
  return typeof object['resourceType'] === 'string'
    ? resourceLabel(object['resourceType'], object)
    : readableText(object);
}

function resourceLabel(type: string, resource: Members): string {
  const subject = firstDefined(SUBJECT_ELEMENTS, (name) => readableText(resource[name]));
  const date = firstDefined(DATE_ELEMENTS, (name) => readableDate(resource[name]));
  const parts = [subject, date].filter((part) => part !== undefined);
  if (parts.length > 0) return [type, ...parts].join(SEPARATOR);
  const { id } = resource;
  return typeof id === 'string' ? `${type}/${id}` : type;
}

/** Returns the first readable text in an element: of a CodeableConcept, Coding, HumanName, Quantity or list. */
function readableText(value: unknown): string | undefined {
  if (typeof value === 'string') return shorten(value);
  if (Array.isArray(value)) return firstDefined(value, readableText);
  if (!isObject(value)) return undefined;
  const { text, display, coding, given, family, name, code, relation, details, diagnostics } = value;
  const person = [given, family].flat().filter((part) => typeof part === 'string');
  return firstDefined(
    [text, display, coding, person.join(' '), name, details, diagnostics, quantityText(value), code, relation],
    readableText,
  );
}

const quantityText = ({ value, unit }: Members): string | undefined =>
  typeof value === 'number' ? `${value}${typeof unit === 'string' ? ` ${unit}` : ''}` : undefined;

/** Returns the day of a FHIR date or Period, without the time. */
function readableDate(value: unknown): string | undefined {
  if (typeof value === 'string') return /^\d{4}(-\d{2}(-\d{2})?)?/.exec(value)?.[0];
  return isObject(value) ? (readableDate(value['start']) ?? readableDate(value['end'])) : undefined;
}

function firstDefined<Item>(items: readonly Item[], read: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const text = read(item);
    if (text !== undefined && text !== '') return text;
  }
  return undefined;
}

const shorten = (text: string): string => {
  const characters = [...text];
  return characters.length > MAX_LENGTH ? `${characters.slice(0, MAX_LENGTH - 1).join('')}…` : text;
};

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
