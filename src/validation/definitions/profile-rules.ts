/** Rules of a StructureDefinition: a resource type, a data type, a profile or an extension. */
export interface ProfileRules {
  /** Canonical URL without a version. */
  readonly url: string;
  readonly version?: string;
  /** Type that it constrains: Observation, Extension, Quantity. */
  readonly type: string;
  readonly kind: 'resource' | 'complex' | 'primitive';
  readonly rule: ElementRule;
}

/** Rules for one element. The compiled tables contain this structure as JSON. */
export interface ElementRule {
  readonly min?: number;
  /** undefined means unlimited. */
  readonly max?: number;
  /** The element is an array in JSON, regardless of `max`. */
  readonly list?: true;
  /** undefined: the types of the base definition apply. */
  readonly types?: readonly TypeRule[];
  /** contentReference: path of the element that defines the children, such as `Questionnaire.item`. */
  readonly like?: string;
  readonly fixed?: unknown;
  readonly pattern?: unknown;
  /** URL of a ValueSet with a required binding. */
  readonly binding?: string;
  readonly constraints?: readonly InvariantConstraint[];
  readonly slicing?: SlicingRule;
  readonly slices?: Readonly<Record<string, ElementRule>>;
  /** By element name; a choice as `value[x]`. */
  readonly children?: Readonly<Record<string, ElementRule>>;
}

export interface TypeRule {
  readonly code: string;
  /** The value must conform to one of these. */
  readonly profiles?: readonly string[];
  /** Profiles that the target of a reference may have. */
  readonly targets?: readonly string[];
}

/** FHIR R4 §2.33 ElementDefinition.constraint */
export interface InvariantConstraint {
  readonly key: string;
  readonly severity: 'error' | 'warning';
  readonly human: string;
  /** FHIRPath expression. */
  readonly expression: string;
}

/** FHIR R4 §5.1.0.12 */
export interface SlicingRule {
  readonly by: readonly SliceDiscriminator[];
  readonly closed?: true;
}
export interface SliceDiscriminator {
  readonly type: 'value' | 'pattern' | 'type' | 'profile' | 'exists';
  readonly path: string;
}
