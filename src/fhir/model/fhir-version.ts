import type { FhirApi } from '../../domain/index.ts';
import type { PublishedDeprecation } from '../http/deprecation.ts';
import type { MediaTypes } from '../http/media-type.ts';
import type { BinaryDocument } from './binary.ts';
import type { EmbeddedType } from './embedded-type.ts';
import type { FhirOperation } from './operation.ts';
import type { SearchParameter } from './search-parameter.ts';
import type { SummaryBuilder } from './summary.ts';
import type { FhirTerminology } from './terminology/code-systems.ts';
import type { FhirElements } from './xml/element-definitions.ts';

export type { Resource } from './resource.ts';

/** A resource type as one FHIR version serves it. */
export interface ServedType {
  /** Name of the type in this FHIR version, such as MedicationOrder. */
  readonly name: string;
  /** R4 name of the type under which its resources are stored, such as MedicationRequest. */
  readonly stored: string;
  /** Whether resources of this type belong to a patient's record or to the practice's directory. */
  readonly compartment: 'record' | 'practice';
  readonly parameters: readonly SearchParameter[];
  /**
   * Search parameters that every type has, apart from `_id` and `_lastUpdated`. Default: `_tag`, `_profile` and, for
   * types of patient records, `_security`.
   */
  readonly commonParameters?: readonly SearchParameter[];
  /** Projection (stored conversion) with the content of this type. Default: the projection of the FHIR version. */
  readonly projection?: string;
  /**
   * Prefix that the API puts before stored ids, such as `careteam-`. It tells resources apart if several R4 types are
   * served under one name. Stored ids don't have the prefix.
   */
  readonly idPrefix?: string;
  /** Type names that OAuth scopes may use for this type. Default: `name` and `stored`. */
  readonly scopeNames?: readonly string[];
  /**
   * Further R4 types that are served under the same name: a DSTU2 CarePlan is an R4 CarePlan or CareTeam. A search for
   * the name covers all of them.
   */
  readonly variants?: readonly ServedType[];
}

/** One entry of a search result. `content` is JSON text that is copied into the response without being parsed. */
export interface BundleEntry {
  readonly type: string;
  readonly id: string;
  readonly content: string;
  readonly mode: 'match' | 'include';
}

export interface SearchsetBundle {
  readonly id?: string;
  /** Base URL of the API: absolute, without a trailing slash. */
  readonly base: string;
  readonly self: string;
  readonly next?: string;
  readonly total: number | undefined;
  readonly entries: readonly BundleEntry[];
}

/** One version of a resource in a history Bundle. `first` is true for the version that created the resource. */
export interface HistoryEntry {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly first: boolean;
  /** True if this version is a deletion. It has no content then. */
  readonly deleted: boolean;
  readonly lastUpdated: Date;
  readonly content: string;
}

export interface HistoryBundle {
  readonly base: string;
  readonly self: string;
  readonly next: string | undefined;
  readonly entries: readonly HistoryEntry[];
}

export interface Endpoints {
  /** Base URL of the API: absolute, without a trailing slash, such as `https://…/fhir/r4`. */
  readonly base: string;
  readonly authorize: string;
  readonly token: string;
  readonly revoke: string;
  /** URL of token introspection (RFC 7662). Undefined if the server doesn't offer it. */
  readonly introspect?: string | undefined;
  readonly register?: string | undefined;
}

/**
 * Everything that differs between the FHIR versions in which the server offers its stored resources. Shared code never
 * checks which version it has.
 */
export interface FhirVersion {
  readonly api: FhirApi;
  /**
   * Projection (stored conversion) with the content of this FHIR version. Undefined for R4, whose stored text is
   * served.
   */
  readonly projection: string | undefined;
  readonly types: readonly ServedType[];
  /**
   * R4 type whose resources this version shows inside resources of another type, as DSTU2 shows PractitionerRoles
   * inside a Practitioner. A reference to a PractitionerRole is converted to a reference to its Practitioner.
   */
  readonly embedded?: EmbeddedType;
  /** FHIR operations such as `$everything` that the API offers. */
  readonly operations: readonly FhirOperation[];
  readonly mediaTypes: MediaTypes;
  /** Element definitions of all types of this version. The conversion of responses to XML needs them. */
  readonly elements: FhirElements;
  /** Code systems and value sets that this FHIR version defines. Undefined if the server doesn't know them. */
  readonly terminology?: FhirTerminology;
  /**
   * Builds the Binary resource for a document.
   * @param requestedType media type that the client requested
   */
  binary(document: BinaryDocument, requestedType?: string): object;
  /** Prints a search result (Bundle of type `searchset`) as JSON text. */
  bundle(bundle: SearchsetBundle): string;
  /**
   * Returns a function that prints one entry of a Bundle as JSON text. A response that is sent in parts calls it once
   * for each entry. The URLs in the entry start with `base`.
   */
  createEntryPrinter(base: string): (entry: BundleEntry) => string;
  /** Prints a history Bundle as JSON text. Undefined if the API doesn't serve older versions of resources. */
  readonly history?: (bundle: HistoryBundle) => string;
  /** Builds the patient summary (`$summary`). Undefined if the FHIR version has no such operation. */
  readonly summary?: SummaryBuilder;
  /** Builds the resource at `/metadata`: a CapabilityStatement in R4, a Conformance in DSTU2. */
  conformance(endpoints: Endpoints, retirement?: PublishedDeprecation): object;
  /** Builds the OpenAPI document of the API, with the parameters and responses of each path. */
  openApi(endpoints: Endpoints): object;
}
