import { concept } from './coding.ts';
import { argonaut, type Conversion, hasAll } from './conversion.ts';
import { ratio } from './datatypes.ts';
import {
  type Context,
  type Draft,
  dropped,
  isObject,
  type Json,
  kept,
  likeParts,
  listOf,
  of,
  type Rule,
  readElsewhere,
  shape,
  textOf,
} from './element.ts';
import { resourceRules } from './envelope.ts';
import { reference } from './reference.ts';

const IN_USE = new Set<unknown>([undefined, 'active', 'inactive']);
/**
 * DSTU2 has no status of a Medication, so one that was entered in error or has an unknown status would look like any
 * other.
 */
export const isInUse = ({ status }: Json): boolean => IN_USE.has(status);

/** Writes the result of a rule into `product`, which groups several R4 elements in DSTU2. */
const inProduct =
  (rule: Rule): Rule =>
  (from, name, into, context) => {
    const product: Draft = isObject(into['product']) ? { ...into['product'] } : {};
    rule(from, name, product, context);
    if (Object.keys(product).length > 0) into['product'] = product;
  };

const oneBatch = shape({ lotNumber: kept, expirationDate: kept });
const batch: Rule = (from, name, into, context) => {
  const converted = oneBatch(from[name], context);
  if (converted !== undefined) into[name] = [converted];
};

const ingredientReference = reference('Substance', 'Medication');

/** DSTU2 always refers to an ingredient. One that has only a code in R4 becomes a contained Substance. */
function ingredients(from: Json, name: string, into: Draft, context: Context): void {
  const contained = new Map<string, Json>();
  const contain = (resourceType: string, code: unknown, id: string): object | undefined => {
    const converted = concept(code, context);
    if (converted === undefined) return undefined;
    if (!contained.has(id)) contained.set(id, { resourceType, id, code: converted });
    return { reference: `#${id}` };
  };
  const itemCodeableConcept: Rule = (ingredient, own, part) => {
    const id = unusedId(context, contained.size + 1);
    part['item'] = contain('Substance', ingredient[own], id);
  };
  const itemReference: Rule = (ingredient, own, part) => {
    const value = ingredient[own];
    const converted = ingredientReference(value, context);
    const id = isObject(value) ? textOf(value['reference']) : undefined;
    const source = context.contained.get(id ?? '')?.source;
    const code = source === undefined || !isVisible(source) ? undefined : source['code'];
    const item = contain(String(source?.['resourceType']), code, (id ?? '').slice(1));
    part['item'] = item === undefined ? converted : { ...(isObject(converted) ? converted : {}), ...item };
  };
  const strength = of(ratio, 'amount');
  const ingredient = shape({ itemCodeableConcept, itemReference, isActive: dropped, strength }, 'item');
  of(ingredient)(from, name, into, context);
  if (contained.size > 0) into['contained'] = [...contained.values()];
}

const CONTAINED = new Set<unknown>(['Substance', 'Medication']);
/** Only the code of a contained resource is shown. */
const isVisible = (source: Json): boolean =>
  CONTAINED.has(source['resourceType']) && isInUse(source) && source['modifierExtension'] === undefined;

function unusedId({ contained }: Context, number: number): string {
  const id = `ingredient-${number}`;
  return contained.has(`#${id}`) ? `${id}x` : id;
}

/** The contained resources belong to the Medication, not to its product. */
const ingredientParts = shape({
  itemCodeableConcept: readElsewhere,
  itemReference: readElsewhere,
  isActive: dropped,
  strength: readElsewhere,
});
const ingredient: Rule = likeParts(ingredientParts, (from, name, into, context) => {
  const converted: Draft = {};
  ingredients(from, name, converted, context);
  inProduct((_from, _name, product) => {
    if (converted[name] !== undefined) product[name] = converted[name];
  })(from, name, into, context);
  if (converted['contained'] !== undefined)
    into['contained'] = [...listOf(into['contained']), ...listOf(converted['contained'])];
});

export const medication: Conversion = {
  type: 'Medication',
  rules: resourceRules({
    identifier: dropped,
    code: of(concept),
    status: readElsewhere,
    manufacturer: of(reference('Organization')),
    form: inProduct(of(concept)),
    amount: dropped,
    ingredient,
    batch: inProduct(batch),
  }),
  hiddenBy: (from) => {
    if (isInUse(from)) return undefined;
    return from['status'] === 'entered-in-error' ? 'entered-in-error' : 'status-not-understood';
  },
  required: [],
  profiles: [argonaut('medication', (resource) => hasAll(resource, 'code'))],
  isToldByCode: true,
};
