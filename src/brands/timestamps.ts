import { sha256 } from '../kernel/index.ts';
import { type BrandsBundle, type BrandsBundleEntry, referenceTo } from './bundle-types.ts';

/** Computes the hash of a bundle without its timestamps. The hash changes only if the content changes. */
export const hashWithoutTimes = (bundle: BrandsBundle): Buffer => sha256(JSON.stringify(withoutTimes(bundle)));

const withoutTimes = ({ timestamp: _, ...bundle }: BrandsBundle): BrandsBundle => ({
  ...bundle,
  meta: metaWithoutTime(bundle.meta),
  entry: bundle.entry.map((entry) => ({ ...entry, resource: resourceWithoutTime(entry.resource) })),
});

const metaWithoutTime = ({ lastUpdated: _, ...meta }: NonNullable<BrandsBundle['meta']> = {}) => meta;
const resourceWithoutTime = (resource: BrandsBundleEntry['resource']): BrandsBundleEntry['resource'] => ({
  ...resource,
  meta: metaWithoutTime(resource.meta),
});
const sameContent = (one: BrandsBundleEntry['resource'], other: BrandsBundleEntry['resource']): boolean =>
  JSON.stringify(resourceWithoutTime(one)) === JSON.stringify(resourceWithoutTime(other));

/**
 * Sets the times by which apps recognize changes (SMART App Launch 2.2, Brands, conformance):
 * Bundle.timestamp, and meta.lastUpdated of each resource as of its last change.
 */
export function withTimestamps(bundle: BrandsBundle, before: BrandsBundle | undefined, now: Date): BrandsBundle {
  const known = new Map(before?.entry.map(({ resource }) => [referenceTo(resource), resource]));
  const lastUpdated = now.toISOString();
  const timed = (resource: BrandsBundleEntry['resource']): BrandsBundleEntry['resource'] => {
    const earlier = known.get(referenceTo(resource));
    return earlier !== undefined && sameContent(earlier, resource)
      ? earlier
      : { ...resource, meta: { lastUpdated, ...resource.meta } };
  };
  const { resourceType, id, meta, type, entry } = bundle;
  return {
    resourceType,
    id,
    meta: { lastUpdated, ...meta },
    type,
    timestamp: lastUpdated,
    entry: entry.map(({ fullUrl, resource }) => ({ fullUrl, resource: timed(resource) })),
  };
}

/** A resource that differs between two versions of the bundle. */
export interface BrandChange {
  readonly what: 'added' | 'removed' | 'changed';
  readonly type: string;
  readonly name: string;
  /** Names of the elements that differ between the two versions of the resource. */
  readonly fields: readonly string[];
}

export function changesBetween(before: BrandsBundle | undefined, after: BrandsBundle): readonly BrandChange[] {
  const old = new Map(before?.entry.map(({ resource }) => [referenceTo(resource), resource]));
  const fresh = new Map(after.entry.map(({ resource }) => [referenceTo(resource), resource]));
  const change = (
    what: BrandChange['what'],
    { resourceType: type, name = '' }: BrandsBundleEntry['resource'],
    fields: string[] = [],
  ) => ({
    what,
    type,
    name,
    fields,
  });
  const now = [...fresh].flatMap(([key, resource]) => {
    const earlier = old.get(key);
    if (earlier === undefined) return [change('added', resource)];
    const fields = changedFields(resourceWithoutTime(earlier), resourceWithoutTime(resource));
    return fields.length === 0 ? [] : [change('changed', resource, fields)];
  });
  return [...now, ...[...old].filter(([key]) => !fresh.has(key)).map(([, resource]) => change('removed', resource))];
}

const changedFields = (one: object, other: object): string[] => {
  const [before, after] = [one, other].map((resource) => new Map(Object.entries(resource)));
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
    (field) => JSON.stringify(before?.get(field)) !== JSON.stringify(after?.get(field)),
  );
};
