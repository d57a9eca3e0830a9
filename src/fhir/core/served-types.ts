import type { FhirVersion } from './version.ts';

/** Every type that some version serves, by its stored name, and the other names they have. */
export function servedTypes(versions: readonly FhirVersion[]): {
  readonly names: readonly string[];
  readonly aliases: Readonly<Record<string, string>>;
} {
  const types = versions.flatMap((version) => version.types);
  const renamed = types.filter((type) => type.name !== type.stored);
  return {
    names: [...new Set(types.map((type) => type.stored))],
    aliases: Object.fromEntries(renamed.map((type) => [type.name, type.stored])),
  };
}
