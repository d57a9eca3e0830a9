import { isObject, nonEmptyText, toList } from '../../../../kernel/index.ts';
import { argonautProfile, hasAll, type ResourceConversion } from '../conversion.ts';
import {
  type ConversionContext,
  type ConversionRule,
  copy,
  type DraftElement,
  drop,
  elementConverter,
  type FhirJson,
  handledElsewhere,
  map,
  withPartsOf,
} from '../conversion-rules.ts';
import { convertConcept } from '../datatypes/coding.ts';
import { convertRatio } from '../datatypes/datatypes.ts';
import { referenceConverter } from '../datatypes/reference.ts';
import { resourceRules } from '../resource-rules.ts';

const IN_USE = new Set<unknown>([undefined, 'active', 'inactive']);
/**
 * Whether a Medication's status permits showing it. DSTU2 has no status of a Medication, so one that was entered in
 * error or has an unknown status would look like any other.
 */
export const hasUsableStatus = ({ status }: FhirJson): boolean => IN_USE.has(status);

/**
 * Makes a rule write its result into Medication.product, where DSTU2 has several elements that R4 has in the Medication
 * itself.
 */
const inProduct =
  (rule: ConversionRule): ConversionRule =>
  (from, name, into, context) => {
    const product: DraftElement = isObject(into['product']) ? { ...into['product'] } : {};
    rule(from, name, product, context);
    if (Object.keys(product).length > 0) into['product'] = product;
  };

const oneBatch = elementConverter({ lotNumber: copy, expirationDate: copy });
const batch: ConversionRule = (from, name, into, context) => {
  const converted = oneBatch(from[name], context);
  if (converted !== undefined) into[name] = [converted];
};

const ingredientReference = referenceConverter('Substance', 'Medication');

/**
 * Converts Medication.ingredient. A DSTU2 ingredient is always a reference, so an ingredient that has only a code in R4
 * becomes a contained Substance.
 */
function ingredients(from: FhirJson, name: string, into: DraftElement, context: ConversionContext): void {
  const contained = new Map<string, FhirJson>();
  const contain = (resourceType: string, code: unknown, id: string): object | undefined => {
    const converted = convertConcept(code, context);
    if (converted === undefined) return undefined;
    if (!contained.has(id)) contained.set(id, { resourceType, id, code: converted });
    return { reference: `#${id}` };
  };
  const itemCodeableConcept: ConversionRule = (ingredient, name, item) => {
    const id = unusedId(context, contained.size + 1);
    item['item'] = contain('Substance', ingredient[name], id);
  };
  const itemReference: ConversionRule = (ingredient, name, item) => {
    const value = ingredient[name];
    const converted = ingredientReference(value, context);
    const id = isObject(value) ? nonEmptyText(value['reference']) : undefined;
    const source = context.contained.get(id ?? '')?.source;
    const code = source === undefined || !isVisible(source) ? undefined : source['code'];
    const substance = contain(String(source?.['resourceType']), code, (id ?? '').slice(1));
    item['item'] = substance === undefined ? converted : { ...(isObject(converted) ? converted : {}), ...substance };
  };
  const strength = map(convertRatio, 'amount');
  const ingredient = elementConverter({ itemCodeableConcept, itemReference, isActive: drop, strength }, 'item');
  map(ingredient)(from, name, into, context);
  if (contained.size > 0) into['contained'] = [...contained.values()];
}

const CONTAINED = new Set<unknown>(['Substance', 'Medication']);
/**
 * Whether a contained ingredient can be shown. Only its code is shown, so its status and modifier extensions must not
 * change the meaning.
 */
const isVisible = (source: FhirJson): boolean =>
  CONTAINED.has(source['resourceType']) && hasUsableStatus(source) && source['modifierExtension'] === undefined;

function unusedId({ contained }: ConversionContext, number: number): string {
  const id = `ingredient-${number}`;
  return contained.has(`#${id}`) ? `${id}x` : id;
}

/**
 * Converts Medication.ingredient into Medication.product. The Substances that contain the codes of ingredients become
 * contained resources of the Medication.
 */
const ingredientParts = elementConverter({
  itemCodeableConcept: handledElsewhere,
  itemReference: handledElsewhere,
  isActive: drop,
  strength: handledElsewhere,
});
const ingredient: ConversionRule = withPartsOf(ingredientParts, (from, name, into, context) => {
  const converted: DraftElement = {};
  ingredients(from, name, converted, context);
  inProduct((_from, _name, product) => {
    if (converted[name] !== undefined) product[name] = converted[name];
  })(from, name, into, context);
  if (converted['contained'] !== undefined)
    into['contained'] = [...toList(into['contained']), ...toList(converted['contained'])];
});

export const medicationConversion: ResourceConversion = {
  type: 'Medication',
  rules: resourceRules({
    identifier: drop,
    code: map(convertConcept),
    status: handledElsewhere,
    manufacturer: map(referenceConverter('Organization')),
    form: inProduct(map(convertConcept)),
    amount: drop,
    ingredient,
    batch: inProduct(batch),
  }),
  hiddenBy: (from) => {
    if (hasUsableStatus(from)) return undefined;
    return from['status'] === 'entered-in-error' ? 'entered-in-error' : 'status-not-understood';
  },
  required: [],
  profiles: [argonautProfile('medication', (resource) => hasAll(resource, 'code'))],
  isInlinedAsCode: true,
};
