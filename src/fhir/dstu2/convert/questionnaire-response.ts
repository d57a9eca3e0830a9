import { coding } from './coding.ts';
import { type Conversion, hiddenByStatus } from './conversion.ts';
import { attachment, identifier, quantity } from './datatypes.ts';
import {
  type Codes,
  type Context,
  type Convert,
  coded,
  codes,
  dropped,
  isObject,
  type Json,
  kept,
  likeParts,
  objectsIn,
  of,
  type Rule,
  readElsewhere,
  shape,
  textOf,
} from './element.ts';
import { resourceRules } from './envelope.ts';
import { reference } from './reference.ts';

/** A stopped response is neither in progress nor complete. DSTU2 has no status for it, so it is hidden. */
export const ANSWERS_STATUS: Codes = codes({
  'in-progress': 'in-progress',
  completed: 'completed',
  amended: 'amended',
});

const value = shape({
  valueBoolean: kept,
  valueDecimal: kept,
  valueInteger: kept,
  valueDate: kept,
  valueDateTime: kept,
  valueTime: kept,
  valueString: kept,
  valueUri: kept,
  valueAttachment: of(attachment),
  valueCoding: of(coding),
  valueQuantity: of(quantity),
  valueReference: of(reference()),
  item: readElsewhere,
});
/** Items within an answer become groups in DSTU2. */
const answer: Convert = (one, context) => {
  const converted = value(one, context);
  const groups = isObject(one) ? convertGroups(objectsIn(one['item']), context) : [];
  if (groups.length === 0) return converted;
  return { ...(isObject(converted) ? converted : {}), group: groups };
};

const question = shape({ linkId: kept, definition: dropped, text: kept, answer: of(answer), item: readElsewhere });
const title = shape({ linkId: kept, definition: dropped, text: kept, item: readElsewhere });

/** Whether an item becomes a group in DSTU2: it has other items and no answer. */
const isGroup = (item: Json): boolean => objectsIn(item['item']).length > 0 && objectsIn(item['answer']).length === 0;

function convertGroup(item: Json, context: Context): Json {
  const converted = title(item, context);
  return { ...(isObject(converted) ? converted : {}), ...groupContent(objectsIn(item['item']), context) };
}

/**
 * FHIR DSTU2, qrs-1: a group has either groups or questions. Questions between groups are wrapped in groups of their
 * own, which keeps the order.
 */
function groupContent(items: readonly Json[], context: Context): Json {
  if (items.some(isGroup)) return { group: convertGroups(items, context) };
  const questions = items.map((item) => question(item, context)).filter((one) => one !== undefined);
  return questions.length === 0 ? {} : { question: questions };
}

function convertGroups(items: readonly Json[], context: Context): readonly Json[] {
  const groups: Json[] = [];
  let pendingQuestions: Json[] = [];
  const close = (): void => {
    const converted = groupContent(pendingQuestions, context);
    if (Object.keys(converted).length > 0) groups.push(converted);
    pendingQuestions = [];
  };
  for (const item of items) {
    if (!isGroup(item)) pendingQuestions.push(item);
    else {
      close();
      groups.push(convertGroup(item, context));
    }
  }
  close();
  return groups.filter((group) => Object.keys(group).length > 0);
}

const items: Rule = likeParts(question, (from, name, into, context) => {
  const converted = groupContent(objectsIn(from[name]), context);
  if (Object.keys(converted).length > 0) into['group'] = converted;
});

/** R4 has a canonical URL where DSTU2 has a Reference, which can't have a version. */
const questionnaire: Rule = (from, name, into) => {
  const uri = textOf(textOf(from[name])?.split('|', 1)[0]);
  if (uri !== undefined) into[name] = { reference: uri };
};

export const questionnaireResponse: Conversion = {
  type: 'QuestionnaireResponse',
  rules: resourceRules({
    identifier: of(identifier),
    basedOn: dropped,
    partOf: dropped,
    questionnaire,
    status: coded(ANSWERS_STATUS),
    subject: of(reference()),
    encounter: of(reference('Encounter')),
    authored: kept,
    author: of(reference('Device', 'Practitioner', 'Patient', 'RelatedPerson')),
    source: of(reference('Patient', 'Practitioner', 'RelatedPerson')),
    item: items,
  }),
  hiddenBy: ({ status }) => (status === 'stopped' ? 'status-stopped' : hiddenByStatus(status, ANSWERS_STATUS)),
  required: ['status'],
  profiles: [],
};
