import type { Resource } from './version.ts';

/** Another version's form of a stored resource, or the named rule that hides the resource there. */
export type Projected = { readonly content: string } | { readonly hiddenBy: string };

/** Makes the record in another version of FHIR: run when a resource is stored, and kept beside it. */
export interface Projection {
  /** As in `FhirVersion.projection`. */
  readonly name: string;
  /** Raised with every change of what `project` makes; what an older one made is made again at start. */
  readonly maker: number;
  /** Stored types it has something of. */
  readonly types: readonly string[];
  /** @returns undefined when the version has nothing of this resource's type */
  project(resource: Resource): Projected | undefined;
}
