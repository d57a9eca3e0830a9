/** What a StructureDefinition asks: of a type of resource or data type, or as a profile or extension of one. */
export interface Profile {
  /** Canonical URL, without a version. */
  readonly url: string;
  readonly version?: string;
  /** Of which type: Observation, Extension, Quantity. */
  readonly type: string;
  readonly kind: 'resource' | 'complex' | 'primitive';
  readonly rule: Rule;
}

/** What is asked of one element. As JSON it is what the compiled tables hold. */
export interface Rule {
  readonly min?: number;
  /** undefined: as many as one likes. */
  readonly max?: number;
  /** In JSON it is an array, whatever `max` says. */
  readonly list?: true;
  /** undefined: what the type that it is part of says. */
  readonly types?: readonly TypeRule[];
  /** What it consists of is said at another element of the same type: `Questionnaire.item`. */
  readonly like?: string;
  readonly fixed?: unknown;
  readonly pattern?: unknown;
  /** A ValueSet whose codes are required. */
  readonly binding?: string;
  readonly constraints?: readonly Constraint[];
  readonly slicing?: Slicing;
  readonly slices?: Readonly<Record<string, Rule>>;
  /** By name; a choice as `value[x]`. */
  readonly children?: Readonly<Record<string, Rule>>;
}

export interface TypeRule {
  /** `Reference`, `string`, `Extension` … */
  readonly code: string;
  /** One of which the value has to conform to. */
  readonly profiles?: readonly string[];
  /** Profiles of what a reference may lead to. */
  readonly targets?: readonly string[];
}

/** FHIR R4 §2.33 ElementDefinition.constraint */
export interface Constraint {
  readonly key: string;
  readonly severity: 'error' | 'warning';
  readonly human: string;
  /** FHIRPath. */
  readonly expression: string;
}

/** FHIR R4 §5.1.0.12 */
export interface Slicing {
  readonly by: readonly Discriminator[];
  readonly closed?: true;
}
export interface Discriminator {
  readonly type: 'value' | 'pattern' | 'type' | 'profile' | 'exists';
  readonly path: string;
}
