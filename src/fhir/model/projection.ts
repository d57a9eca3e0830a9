import type { EmbeddedType } from './embedded-type.ts';
import type { Resource } from './fhir-version.ts';

/** A stored resource converted to another version, or the name of the rule that hides it there. */
export type ProjectionResult = { readonly content: string } | { readonly hiddenBy: string };

/** Other resources that affect how a resource is converted. */
export interface ProjectionContext {
  /**
   * Targets of references in the version, by stored `Type/id`, where the stored type alone doesn't determine them. Undefined
   * if the target isn't visible.
   */
  readonly referenceTargets: ReadonlyMap<string, string | undefined>;
  /** Stored resources that the version embeds in this one. */
  readonly embedded: readonly Resource[];
}

/** Target of a reference in another version. */
export interface ReferenceTarget {
  /** Reference such as `Practitioner/…`. */
  readonly reference: string;
  /** Stored resource that must exist for the target. Default: the one that is referred to, which exists. */
  readonly requires?: { readonly type: string; readonly id: string };
}

/** A variant of a stored type in which converted content is stored. */
export interface StoredVariant {
  /** Name of its projection. */
  readonly name: string;
  readonly converterVersion: number;
  /** Text before the stored id in a reference, such as `MedicationStatement/medicationrequest-`. */
  readonly referencePrefix: string;
}

/** Says which other resources a conversion depends on. */
export interface ProjectionDependencies {
  /** Stored types whose references don't say by themselves what they lead to in the version. */
  readonly targetDependentTypes: readonly string[];
  /**
   * Stored types that count instead of `targetDependentTypes` within resources of some types, such as Provenance. Every
   * reference in these has to lead to a visible resource.
   */
  readonly targetDependentTypesIn?: Readonly<Record<string, readonly string[]>>;
  /** Returns the target of references to a resource of such a type, or undefined if there is none. */
  resolveTarget(resource: Resource): ReferenceTarget | undefined;
  /** Variants of stored types by which stored conversions determine the target, the preferred variant first. */
  readonly storedVariants: ReadonlyMap<string, readonly StoredVariant[]>;
  /** Type that the version embeds in another one. */
  readonly embedded: EmbeddedType;
}

/** Converts resources to another FHIR version. The result is stored with the resource when that is written. */
export interface Projection {
  /** Name to which `FhirVersion.projection` refers. */
  readonly name: string;
  /** Version of the converter, raised with every change of its output. Older output is converted again at startup. */
  readonly converterVersion: number;
  /** Stored types that it can convert. */
  readonly types: readonly string[];
  /** Undefined if each conversion depends only on its resource. */
  readonly dependencies?: ProjectionDependencies;
  /**
   * @param around default: no related resources are known
   * @returns undefined if the version has no such type
   */
  project(resource: Resource, around?: ProjectionContext): ProjectionResult | undefined;
}
