import type { PartOf } from './part-of.ts';
import type { Resource } from './version.ts';

/** Another version's form of a stored resource, or the named rule that hides the resource there. */
export type Projected = { readonly content: string } | { readonly hiddenBy: string };

/** What the form of a resource is made of beside the resource itself. */
export interface Around {
  /**
   * What references lead to in the version, by `Type/id` as stored: those whose type does not tell. undefined: to nothing
   * that is shown.
   */
  readonly placed: ReadonlyMap<string, string | undefined>;
  /** Stored resources that are a part of this one in the version. */
  readonly parts: readonly Resource[];
}

/** What a reference leads to in another version. */
export interface Place {
  /** `Practitioner/…` */
  readonly reference: string;
  /** A stored resource that has to be there for it; absent: the one that is referred to, which is. */
  readonly of?: { readonly type: string; readonly id: string };
}

/** A form of a stored type, as it is kept. */
export interface KeptForm {
  /** Of its projection, as in `Projection`. */
  readonly name: string;
  readonly maker: number;
  /** What is in front of the stored id in a reference: `MedicationStatement/medicationrequest-`. */
  readonly address: string;
}

/** Which other resources a version has to know to show one. */
export interface Neighbours {
  /** Stored types of which a reference does not tell what it leads to in the version. */
  readonly placed: readonly string[];
  /** The same of what resources of some types refer to, by these: in them each reference is held to what is shown. */
  readonly placedIn?: Readonly<Record<string, readonly string[]>>;
  /** What a reference to a resource of such a type leads to; undefined: to nothing. */
  placeOf(resource: Resource): Place | undefined;
  /** The same by what is kept of a resource: the forms of stored types, the preferred first. */
  readonly kept: ReadonlyMap<string, readonly KeptForm[]>;
  /** What is a part of something else in the version. */
  readonly part: PartOf;
}

/** Makes the record in another version of FHIR: run when a resource is stored, and kept beside it. */
export interface Projection {
  /** As in `FhirVersion.projection`. */
  readonly name: string;
  /** Raised with every change of what `project` makes; what an older one made is made again at start. */
  readonly maker: number;
  /** Stored types it has something of. */
  readonly types: readonly string[];
  /** Absent: everything is made of its resource alone. */
  readonly neighbours?: Neighbours;
  /**
   * @param around default: nothing of it is known
   * @returns undefined when the version has nothing of this resource's type
   */
  project(resource: Resource, around?: Around): Projected | undefined;
}
