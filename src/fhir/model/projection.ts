import type { EmbeddedType } from './embedded-type.ts';
import type { Resource } from './fhir-version.ts';

/**
 * Result of converting a stored R4 resource to another FHIR version: JSON text, or the name of the rule that hides the
 * resource in that version.
 */
export type ProjectionResult = { readonly content: string } | { readonly hiddenBy: string };

/** Other stored resources that influence how a resource is converted to another FHIR version. */
export interface ProjectionContext {
  /**
   * Converted references. The keys are stored references (`Type/id`) whose conversion depends on the content of the
   * resource they point to. A value is undefined if the converted version doesn't show that resource.
   */
  readonly referenceTargets: ReadonlyMap<string, string | undefined>;
  /** Stored resources that become part of the converted one, such as the PractitionerRoles of a DSTU2 Practitioner. */
  readonly embedded: readonly Resource[];
}

/** The reference that replaces a stored reference in another FHIR version. */
export interface ReferenceTarget {
  /** Converted reference, such as `Practitioner/…`. */
  readonly reference: string;
  /**
   * Stored resource that must exist; otherwise the reference is dropped. Default: the resource that the stored
   * reference points to. For example, a reference to a PractitionerRole becomes a reference to its Practitioner, so the
   * Practitioner must exist.
   */
  readonly requires?: { readonly type: string; readonly id: string };
}

/**
 * One of the types to which resources of an R4 type are converted. A MedicationRequest, for example, can be shown as a
 * DSTU2 MedicationOrder or as a MedicationStatement.
 */
export interface StoredVariant {
  /** Name of the projection (stored conversion) that has resources of this type. */
  readonly name: string;
  readonly converterVersion: number;
  /**
   * Text before the stored id in a reference to a converted resource, such as `MedicationStatement/medicationrequest-`.
   */
  readonly referencePrefix: string;
}

/** Declares which other resources a conversion has to read. */
export interface ProjectionDependencies {
  /**
   * R4 types for which a reference `Type/id` can't be converted without reading the resource that it points to. A
   * MedicationRequest, for example, can become one of two DSTU2 types, depending on its content.
   */
  readonly targetDependentTypes: readonly string[];
  /**
   * Replaces `targetDependentTypes` for references inside some types of resources. A Provenance may only refer to
   * resources that the converted version shows, so almost every resource it refers to has to be read.
   */
  readonly targetDependentTypesIn?: Readonly<Record<string, readonly string[]>>;
  /**
   * Returns the converted reference to a resource of one of the types in `targetDependentTypes`. Undefined if the
   * converted version shows no resource for it.
   */
  resolveTarget(resource: Resource): ReferenceTarget | undefined;
  /**
   * By R4 type: the converted types that a resource of this R4 type can have, the preferred one first. Which of them a
   * certain resource has depends on its content, so it is looked up in the stored conversions.
   */
  readonly storedVariants: ReadonlyMap<string, readonly StoredVariant[]>;
  /** R4 type whose resources become part of another type, as PractitionerRole in a DSTU2 Practitioner. */
  readonly embedded: EmbeddedType;
}

/**
 * True for the name of a FHIR version's main projection, to which each resource can be converted at most once. Names of
 * further ones have a slash, such as `dstu2/MedicationStatement`.
 */
export const isMainProjection = (name: string): boolean => !name.includes('/');

/** Converts R4 resources to another FHIR version. The store saves the result together with the resource. */
export interface Projection {
  /** Name of the projection, as in `FhirVersion.projection` and in the database. See `isMainProjection`. */
  readonly name: string;
  /**
   * Raise this number with every change that alters converted resources. When the server starts with a new number, it
   * converts all stored resources again.
   */
  readonly converterVersion: number;
  /** R4 types that can be converted. */
  readonly types: readonly string[];
  /** Other resources that the conversion has to read. Undefined if no conversion depends on other resources. */
  readonly dependencies?: ProjectionDependencies;
  /**
   * Converts one resource.
   * @param around related resources; default: none are known
   * @returns undefined if the target FHIR version has no such type
   */
  project(resource: Resource, around?: ProjectionContext): ProjectionResult | undefined;
}
