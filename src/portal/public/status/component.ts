import type { COMPONENTS } from '../../contract/public.ts';

/** A part of the service, as those who use it know it. */
export type Component = (typeof COMPONENTS)[number];

/** How a part was found at one moment. */
export interface Sample {
  readonly component: Component;
  readonly ok: boolean;
  readonly milliseconds: number;
}

/** A cheap look at each part: whether it does its work. Throws where it does not. */
export type Probes = { readonly [Name in Component]?: () => Promise<boolean> };
