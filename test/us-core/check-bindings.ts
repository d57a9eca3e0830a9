import type { StructureDefinition } from './check-profile.ts';

interface ValueSet {
  readonly resourceType: 'ValueSet';
  readonly url: string;
  readonly compose?: {
    readonly include: readonly {
      readonly system?: string;
      readonly concept?: readonly { readonly code: string }[];
      readonly filter?: unknown;
      readonly valueSet?: unknown;
    }[];
  };
}
interface Code {
  readonly code: string;
  readonly concept?: readonly Code[];
}
interface CodeSystem {
  readonly resourceType: 'CodeSystem';
  readonly url: string;
  readonly concept?: readonly Code[];
}

/** Codes by value set; only of those whose every code is known here. */
export type Bindings = ReadonlyMap<string, ReadonlySet<string>>;

export function expandValueSets(resources: readonly unknown[]): Bindings {
  const known = resources as readonly (ValueSet | CodeSystem)[];
  const systems = new Map(
    known.flatMap((each) =>
      each.resourceType === 'CodeSystem' && each.concept ? [[each.url, codesOf(each.concept)] as const] : [],
    ),
  );
  const sets = new Map<string, ReadonlySet<string>>();
  for (const each of known) {
    if (each.resourceType !== 'ValueSet') continue;
    const parts = (each.compose?.include ?? []).map((part) =>
      part.filter || part.valueSet
        ? undefined
        : (part.concept?.map(({ code }) => code) ?? systems.get(part.system ?? '')),
    );
    if (parts.length > 0 && !parts.includes(undefined))
      sets.set(each.url, new Set(parts.flatMap((part) => part ?? [])));
  }
  return sets;
}

const codesOf = (concepts: readonly Code[]): string[] =>
  concepts.flatMap((each) => [each.code, ...codesOf(each.concept ?? [])]);

/** Codes that a required binding of the profile does not allow. */
export function checkBindings(
  resource: Record<string, unknown>,
  profile: StructureDefinition,
  bindings: Bindings,
): string[] {
  return profile.snapshot.element.flatMap((element) => {
    const binding = element['binding'] as { strength: string; valueSet?: string } | undefined;
    const allowed =
      binding?.strength === 'required' ? bindings.get(binding.valueSet?.replace(/\|.*$/, '') ?? '') : undefined;
    // a slice by its value set is the set's own business, and others may stand beside it
    if (allowed === undefined || element.id.includes(':')) return [];
    const codes = element.path.split('.').slice(1).reduce<unknown[]>(step, [resource]).flatMap(codesIn);
    return codes
      .filter((code) => !allowed.has(code))
      .map((code) => `${element.id}: ${code} is not in ${binding?.valueSet}`);
  });
}

const step = (values: unknown[], key: string): unknown[] =>
  values.flatMap((value) => (value as Record<string, unknown>)[key] ?? []);

function codesIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  const { code, coding } = value as { code?: string; coding?: readonly { code: string }[] };
  return coding?.map((each) => each.code) ?? (code === undefined ? [] : [code]);
}
