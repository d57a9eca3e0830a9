import fhirpath from 'fhirpath';
import r4Model from 'fhirpath/fhir-context/r4';
import type { Resource } from '../../../../src/fhir/index.ts';
import composites from '../../../support/generated/composite-expressions.json' with { type: 'json' };
import { evaluateNodes, plainNodes } from './nodes.ts';

/**
 * A composite parameter as R4 defines it. `of` are expressions of the elements in which all parts must match, and
 * `parts` are expressions relative to such an element.
 */
interface CompositeExpression {
  readonly of: readonly string[];
  readonly parts: readonly string[];
}
const COMPOSITES = composites as unknown as Readonly<Record<string, Readonly<Record<string, CompositeExpression>>>>;

/** The values of each part in one element of a resource. */
export interface CompositeNodes {
  readonly parts: readonly { readonly kind: string; readonly nodes: readonly unknown[] }[];
}

export const isComposite = (type: string, name: string): boolean => COMPOSITES[type]?.[name] !== undefined;

/** Returns the values that a composite parameter covers in a resource, by element (FHIR R4 search §3.1.1.4.14). */
export function compositeNodes(resource: Resource, name: string): readonly CompositeNodes[] {
  const expressed = COMPOSITES[resource.resourceType]?.[name] ?? { of: [], parts: [] };
  return expressed.of
    .flatMap((base) => evaluateNodes(resource, base).map((element) => ({ base, element })))
    .map(({ base, element }) => ({
      parts: expressed.parts.map((text) => {
        const expression = ADJUSTED[text] ?? text;
        return { kind: kindOf(text), nodes: plainNodes(evaluate(element, base, expression)) };
      }),
    }))
    .filter(({ parts }) => parts.every(({ nodes }) => nodes.length > 0));
}

const compiled = new Map<string, (node: unknown) => unknown[]>();
function evaluate(element: unknown, base: string, expression: string): readonly unknown[] {
  const key = JSON.stringify([base, expression]);
  const found = compiled.get(key) ?? (fhirpath.compile({ base, expression }, r4Model) as (node: unknown) => unknown[]);
  compiled.set(key, found);
  return found(element);
}

/** Expressions that differ from R4's. The server searches the text of a coded value as a string too. */
const ADJUSTED: Readonly<Record<string, string>> = {
  'value.as(string)': 'value.as(string) | value.as(CodeableConcept).text',
};

function kindOf(expression: string): string {
  const [, type = ''] = /as\((\w+)\)/.exec(expression) ?? [];
  const kinds: Readonly<Record<string, string>> = { Quantity: 'quantity', dateTime: 'date', string: 'string' };
  return expression === 'target' ? 'reference' : (kinds[type] ?? 'token');
}
