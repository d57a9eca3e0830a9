import type { Api } from '../../access/index.ts';
import type { BinaryDocument } from './binary.ts';
import type { MediaTypes } from './media-type.ts';
import type { Operation } from './operation.ts';
import type { PartOf } from './part-of.ts';
import type { Retirement } from './retirement.ts';
import type { SearchParameter } from './search-parameter.ts';
import type { SummaryMaker } from './summary.ts';
import type { Terminology } from './terminology.ts';
import type { Elements } from './xml/elements.ts';

export type { Resource } from './resource.ts';

/** One resource type as a version of FHIR serves it. */
export interface ServedType {
  /** The name in this version: MedicationOrder. */
  readonly name: string;
  /** The name it is stored under, the R4 one: MedicationRequest. */
  readonly stored: string;
  /** Where rows of it live: in the patient's record, or in the practice's directory. */
  readonly home: 'record' | 'practice';
  readonly parameters: readonly SearchParameter[];
  /** Those that all types have beside `_id` and `_lastUpdated`; default: as the index has them. */
  readonly shared?: readonly SearchParameter[];
  /** The projection its content comes from; default: the version's. */
  readonly projection?: string;
  /** What stands before a stored id, where several stored types have one name: `careteam-`. */
  readonly idPrefix?: string;
  /** What scopes call it; default: its name and the stored one. */
  readonly scopes?: readonly string[];
  /** Other stored types under the same name: a search of it is one of them all. */
  readonly also?: readonly ServedType[];
}

/** One row of an answer: `content` is JSON text, passed on as it is. */
export interface BundleEntry {
  readonly type: string;
  readonly id: string;
  readonly content: string;
  readonly mode: 'match' | 'include';
}

export interface SearchsetBundle {
  /** Of the Bundle, when it has one. */
  readonly id?: string;
  /** Absolute, without a trailing slash. */
  readonly base: string;
  readonly self: string;
  readonly next?: string;
  readonly total: number | undefined;
  readonly entries: readonly BundleEntry[];
}

/** One version of a resource, and whether it was the first. */
export interface HistoryEntry {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly first: boolean;
  /** There is no content: it was deleted then. */
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
  /** Absolute, without a trailing slash: `https://…/fhir/r4`. */
  readonly base: string;
  readonly authorize: string;
  readonly token: string;
  readonly revoke: string;
  /** Absent: it is not offered. */
  readonly introspect?: string | undefined;
  readonly register?: string | undefined;
}

/** All that differs between two versions of FHIR over one store. `core` never asks which one it has. */
export interface FhirVersion {
  readonly api: Api;
  /** Name of the projection its content comes from; undefined when the stored text is served. */
  readonly projection: string | undefined;
  readonly types: readonly ServedType[];
  /** What is stored by itself and is here a part of something else: who refers to the one refers to the other. */
  readonly part?: PartOf;
  /** Beside reading and searching. */
  readonly operations: readonly Operation[];
  readonly mediaTypes: MediaTypes;
  /** What its resources are made of: answers are written in XML by it. */
  readonly elements: Elements;
  /** Code systems and value sets of its definitions; absent: none are known. */
  readonly terminology?: Terminology;
  /**
   * A document as a resource.
   * @param asked the media type that the client named
   */
  binary(document: BinaryDocument, asked?: string): object;
  /** JSON text of a searchset. */
  bundle(bundle: SearchsetBundle): string;
  /** What makes the JSON text of one entry of it, at this base. */
  entriesAt(base: string): (entry: BundleEntry) => string;
  /** JSON text of the versions of a resource; absent: it keeps none. */
  readonly history?: (bundle: HistoryBundle) => string;
  /** How a summary of a record is made; absent: there is none. */
  readonly summary?: SummaryMaker;
  /** The statement at `/metadata`: CapabilityStatement or Conformance. */
  conformance(endpoints: Endpoints, retirement?: Retirement): object;
  /** The same as an OpenAPI document: what each address takes and answers. */
  openApi(endpoints: Endpoints): object;
}
