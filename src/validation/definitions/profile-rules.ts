/** Rules of a StructureDefinition, which defines a resource type, a datatype, a profile or an extension. */
export interface ProfileRules {
  /** Canonical URL of the StructureDefinition, without a version. */
  readonly url: string;
  readonly version?: string;
  /** Type that the StructureDefinition constrains, such as Observation, Extension or Quantity. */
  readonly type: string;
  readonly kind: 'resource' | 'complex' | 'primitive';
  readonly rule: ElementRule;
}

/** Rules for one element. The generated profile tables contain this structure as JSON. */
export interface ElementRule {
  readonly min?: number;
  /** Maximum number of values. undefined means that it is unlimited. */
  readonly max?: number;
  /** Whether the element is an array in JSON, regardless of `max`. */
  readonly list?: true;
  /** Datatypes that the element may have. undefined means those of the base definition. */
  readonly types?: readonly TypeRule[];
  /** Path of the element that defines the child elements, such as `Questionnaire.item` (contentReference). */
  readonly like?: string;
  readonly fixed?: unknown;
  readonly pattern?: unknown;
  /** URL of the ValueSet that is bound as required. */
  readonly binding?: string;
  readonly constraints?: readonly InvariantConstraint[];
  readonly slicing?: SlicingRule;
  readonly slices?: Readonly<Record<string, ElementRule>>;
  /** Rules for child elements by name. The name of a choice is `value[x]`. */
  readonly children?: Readonly<Record<string, ElementRule>>;
}

export interface TypeRule {
  readonly code: string;
  /** URLs of profiles. The value must conform to one of them. */
  readonly profiles?: readonly string[];
  /** URLs of profiles. The target of a reference must conform to one of them. */
  readonly targets?: readonly string[];
}

/** An invariant of an element (FHIR R4 §2.33 ElementDefinition.constraint). */
export interface InvariantConstraint {
  readonly key: string;
  readonly severity: 'error' | 'warning';
  readonly human: string;
  /** FHIRPath expression that must be true for the element. */
  readonly expression: string;
}

/** How an element is divided into slices (FHIR R4 §5.1.0.12). */
export interface SlicingRule {
  readonly by: readonly SliceDiscriminator[];
  readonly closed?: true;
}
export interface SliceDiscriminator {
  readonly type: 'value' | 'pattern' | 'type' | 'profile' | 'exists';
  readonly path: string;
}
