import { isObject, nonEmptyText, objectsIn } from '../../../../kernel/index.ts';
import { hiddenByStatus, type ResourceConversion } from '../conversion.ts';
import {
  type CodeMap,
  type ConversionContext,
  type ConversionRule,
  codeMap,
  copy,
  drop,
  elementConverter,
  type FhirJson,
  handledElsewhere,
  map,
  mapCode,
  type ValueConverter,
  withPartsOf,
} from '../conversion-rules.ts';
import { convertCoding } from '../datatypes/coding.ts';
import { convertAttachment, convertIdentifier, convertQuantity } from '../datatypes/datatypes.ts';
import { referenceConverter } from '../datatypes/reference.ts';
import { resourceRules } from '../resource-rules.ts';

/**
 * DSTU2 codes of R4 QuestionnaireResponse.status. `stopped` is missing: DSTU2 has no status for a response that was
 * abandoned, so it is hidden.
 */
export const QUESTIONNAIRE_RESPONSE_STATUS: CodeMap = codeMap({
  'in-progress': 'in-progress',
  completed: 'completed',
  amended: 'amended',
});

const value = elementConverter({
  valueBoolean: copy,
  valueDecimal: copy,
  valueInteger: copy,
  valueDate: copy,
  valueDateTime: copy,
  valueTime: copy,
  valueString: copy,
  valueUri: copy,
  valueAttachment: map(convertAttachment),
  valueCoding: map(convertCoding),
  valueQuantity: map(convertQuantity),
  valueReference: map(referenceConverter()),
  item: handledElsewhere,
});
/** Converts one answer of a QuestionnaireResponse item. Questions below an answer become groups in DSTU2. */
const answer: ValueConverter = (one, context) => {
  const converted = value(one, context);
  const groups = isObject(one) ? convertGroups(objectsIn(one['item']), context) : [];
  if (groups.length === 0) return converted;
  return { ...(isObject(converted) ? converted : {}), group: groups };
};

const question = elementConverter({
  linkId: copy,
  definition: drop,
  text: copy,
  answer: map(answer),
  item: handledElsewhere,
});
const title = elementConverter({ linkId: copy, definition: drop, text: copy, item: handledElsewhere });

/** Whether an R4 item becomes a DSTU2 group: it contains other items and has no answer. */
const isGroup = (item: FhirJson): boolean =>
  objectsIn(item['item']).length > 0 && objectsIn(item['answer']).length === 0;

function convertGroup(item: FhirJson, context: ConversionContext): FhirJson {
  const converted = title(item, context);
  return { ...(isObject(converted) ? converted : {}), ...groupContent(objectsIn(item['item']), context) };
}

/**
 * Converts the items of a group. FHIR DSTU2, qrs-1: a group has either groups or questions. Questions between groups
 * are wrapped in groups of their own, which keeps the order.
 */
function groupContent(items: readonly FhirJson[], context: ConversionContext): FhirJson {
  if (items.some(isGroup)) return { group: convertGroups(items, context) };
  const questions = items.map((item) => question(item, context)).filter((one) => one !== undefined);
  return questions.length === 0 ? {} : { question: questions };
}

function convertGroups(items: readonly FhirJson[], context: ConversionContext): readonly FhirJson[] {
  const groups: FhirJson[] = [];
  let pendingQuestions: FhirJson[] = [];
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

const items: ConversionRule = withPartsOf(question, (from, name, into, context) => {
  const converted = groupContent(objectsIn(from[name]), context);
  if (Object.keys(converted).length > 0) into['group'] = converted;
});

/**
 * QuestionnaireResponse.questionnaire is a canonical URL in R4 and a Reference in DSTU2. The version of the URL is
 * dropped, because a Reference can't have one.
 */
const questionnaire: ConversionRule = (from, name, into) => {
  const uri = nonEmptyText(nonEmptyText(from[name])?.split('|', 1)[0]);
  if (uri !== undefined) into[name] = { reference: uri };
};

export const questionnaireResponseConversion: ResourceConversion = {
  type: 'QuestionnaireResponse',
  rules: resourceRules({
    identifier: map(convertIdentifier),
    basedOn: drop,
    partOf: drop,
    questionnaire,
    status: mapCode(QUESTIONNAIRE_RESPONSE_STATUS),
    subject: map(referenceConverter()),
    encounter: map(referenceConverter('Encounter')),
    authored: copy,
    author: map(referenceConverter('Device', 'Practitioner', 'Patient', 'RelatedPerson')),
    source: map(referenceConverter('Patient', 'Practitioner', 'RelatedPerson')),
    item: items,
  }),
  hiddenBy: ({ status }) =>
    status === 'stopped' ? 'status-stopped' : hiddenByStatus(status, QUESTIONNAIRE_RESPONSE_STATUS),
  required: ['status'],
  profiles: [],
};
