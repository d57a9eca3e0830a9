import type { Node } from './convert.ts';
import type { ElementDefinition } from './definitions.ts';

/** What a profile's definition finds wrong with a resource: elements that must be there, patterns and fixed values. */
export function profileFaults(resource: Node, profile: readonly ElementDefinition[]): readonly string[] {
  const [root] = profile;
  return profile
    .filter(({ path }) => path.includes('.') && !path.includes('xtension'))
    .flatMap((element) =>
      parentsOf(resource, element, root?.path ?? '').flatMap((parent) => faultsIn(parent, element)),
    );
}

/** The nodes that hold, or should hold, an element. */
function parentsOf(resource: Node, { path }: ElementDefinition, root: string): readonly Node[] {
  const names = path.slice(root.length + 1).split('.');
  return names
    .slice(0, -1)
    .reduce<readonly Node[]>(
      (level, name) => level.flatMap((node) => valuesOf(node, name) as readonly Node[]),
      [resource],
    );
}

function valuesOf(node: Node, name: string): readonly unknown[] {
  const choice = name.endsWith('[x]') ? new RegExp(`^_?${name.slice(0, -3)}[A-Z]`) : undefined;
  const keys = Object.keys(node).filter((key) => choice?.test(key) ?? (key === name || key === `_${name}`));
  return keys.flatMap((key) => node[key]);
}

function faultsIn(parent: Node, element: ElementDefinition): readonly string[] {
  const values = valuesOf(parent, element.path.split('.').at(-1) ?? '');
  if ((element.min ?? 0) > values.length) return [`${element.path} is missing`];
  const pattern = element.patternCodeableConcept?.coding ?? [];
  const unlike = values.filter((value) => {
    const codings = ((value as Node)['coding'] ?? []) as readonly Node[];
    return pattern.some((one) => !codings.some(({ system, code }) => system === one.system && code === one.code));
  });
  const fixed = element.fixedUri ?? element.fixedCode;
  const other = fixed === undefined ? [] : values.filter((value) => value !== fixed);
  return [...unlike, ...other].map((value) => `${element.path} is ${JSON.stringify(value)}`);
}
