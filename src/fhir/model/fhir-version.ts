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
  /** Name in this version, such as MedicationOrder. */
  readonly name: string;
  /** R4 name that it is stored under, such as MedicationRequest. */
  readonly stored: string;
  /** Compartment that holds its rows: the patient's record or the practice's directory. */
  readonly compartment: 'record' | 'practice';
  readonly parameters: readonly SearchParameter[];
  /**
   * Parameters of all types besides `_id` and `_lastUpdated`. Default: `_tag`, `_profile` and, in records, `_security`.
   */
  readonly commonParameters?: readonly SearchParameter[];
  /** Projection that produces its content. Default: the version's. */
  readonly projection?: string;
  /** Prefix of its ids when several stored types share one name, such as `careteam-`. Stored ids don't have it. */
  readonly idPrefix?: string;
  /** Type names that scopes may use. Default: `name` and `stored`. */
  readonly scopeNames?: readonly string[];
  /** Further stored types that are served under the same name. A search covers all of them. */
  readonly variants?: readonly ServedType[];
}

/** One entry of a search result. `content` is JSON text and is sent unparsed. */
export interface BundleEntry {
  readonly type: string;
  readonly id: string;
  readonly content: string;
  readonly mode: 'match' | 'include';
}

export interface SearchsetBundle {
  readonly id?: string;
  /** Absolute URL without a trailing slash. */
  readonly base: string;
  readonly self: string;
  readonly next?: string;
  readonly total: number | undefined;
  readonly entries: readonly BundleEntry[];
}

/** One version of a resource. `first` marks the version that created it. */
export interface HistoryEntry {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly first: boolean;
  /** True if this version deleted the resource, so that it has no content. */
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
  /** Absolute URL without a trailing slash, such as `https://…/fhir/r4`. */
  readonly base: string;
  readonly authorize: string;
  readonly token: string;
  readonly revoke: string;
  /** Undefined if the server doesn't offer this endpoint. The same applies to `register`. */
  readonly introspect?: string | undefined;
  readonly register?: string | undefined;
}

/** Everything that differs between the FHIR versions over one store. Shared code never checks which version it has. */
export interface FhirVersion {
  readonly api: FhirApi;
  /** Projection that produces its content. Undefined if the stored text is served. */
  readonly projection: string | undefined;
  readonly types: readonly ServedType[];
  /**
   * Stored type that this version embeds in another. A reference to the embedded resource counts as one to its parent.
   */
  readonly embedded?: EmbeddedType;
  /** Operations besides reading and searching. */
  readonly operations: readonly FhirOperation[];
  readonly mediaTypes: MediaTypes;
  /** Element definitions of its types, by which answers are written as XML. */
  readonly elements: FhirElements;
  /** Code systems and value sets that the version itself defines. Undefined if none are known. */
  readonly terminology?: FhirTerminology;
  /**
   * Builds the Binary resource of a document.
   * @param asked media type that the client requested
   */
  binary(document: BinaryDocument, asked?: string): object;
  /** Prints a searchset as JSON text. */
  bundle(bundle: SearchsetBundle): string;
  /** Returns a function that prints one searchset entry as JSON text, with URLs at this base. */
  createEntryPrinter(base: string): (entry: BundleEntry) => string;
  /** Prints a history as JSON text. Undefined if superseded versions aren't served. */
  readonly history?: (bundle: HistoryBundle) => string;
  /** Builds the summary of a record. Undefined if the version has none. */
  readonly summary?: SummaryBuilder;
  /** Builds the statement at `/metadata`: a CapabilityStatement or Conformance. */
  conformance(endpoints: Endpoints, retirement?: PublishedDeprecation): object;
  /** Builds the OpenAPI document, with the parameters and responses of each path. */
  openApi(endpoints: Endpoints): object;
}
