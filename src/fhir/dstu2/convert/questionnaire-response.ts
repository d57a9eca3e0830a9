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

/** One that was stopped is neither still being answered nor complete, which is all that DSTU2 knows. */
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
/** Items within an answer are a group there. */
const answer: Convert = (one, context) => {
  const made = value(one, context);
  const inside = isObject(one) ? groupsOf(objectsIn(one['item']), context) : [];
  if (inside.length === 0) return made;
  return { ...(isObject(made) ? made : {}), group: inside };
};

const question = shape({ linkId: kept, definition: dropped, text: kept, answer: of(answer), item: readElsewhere });
const title = shape({ linkId: kept, definition: dropped, text: kept, item: readElsewhere });

/** Whether DSTU2 has the item as a group: it holds others, and no answer. */
const isGroup = (item: Json): boolean => objectsIn(item['item']).length > 0 && objectsIn(item['answer']).length === 0;

function groupOf(item: Json, context: Context): Json {
  const made = title(item, context);
  return { ...(isObject(made) ? made : {}), ...contentOf(objectsIn(item['item']), context) };
}

/** FHIR DSTU2, qrs-1: a group has groups or questions. Questions that stand beside groups get groups of their own, in order. */
function contentOf(items: readonly Json[], context: Context): Json {
  if (items.some(isGroup)) return { group: groupsOf(items, context) };
  const questions = items.map((item) => question(item, context)).filter((one) => one !== undefined);
  return questions.length === 0 ? {} : { question: questions };
}

function groupsOf(items: readonly Json[], context: Context): readonly Json[] {
  const groups: Json[] = [];
  let waiting: Json[] = [];
  const close = (): void => {
    const made = contentOf(waiting, context);
    if (Object.keys(made).length > 0) groups.push(made);
    waiting = [];
  };
  for (const item of items) {
    if (!isGroup(item)) waiting.push(item);
    else {
      close();
      groups.push(groupOf(item, context));
    }
  }
  close();
  return groups.filter((group) => Object.keys(group).length > 0);
}

const items: Rule = likeParts(question, (from, name, into, context) => {
  const made = contentOf(objectsIn(from[name]), context);
  if (Object.keys(made).length > 0) into['group'] = made;
});

/** A canonical in R4, a Reference in DSTU2, which has no version behind a bar. */
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
