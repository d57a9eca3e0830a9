import type { COMPONENTS } from '../../contract/public.ts';

/** A part of the service as its users know it. */
export type Component = (typeof COMPONENTS)[number];

/** The result of one probe. */
export interface Sample {
  readonly component: Component;
  readonly ok: boolean;
  readonly milliseconds: number;
}

/** A cheap check of each component. It returns false or throws if the component doesn't work. */
export type Probes = { readonly [Name in Component]?: () => Promise<boolean> };
