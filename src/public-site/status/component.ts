import type { COMPONENTS } from '../../portal-api/index.ts';

/** A part of the service as its users know it. */
export type StatusComponent = (typeof COMPONENTS)[number];

/** The result of one probe. */
export interface ProbeResult {
  readonly component: StatusComponent;
  readonly ok: boolean;
  readonly milliseconds: number;
}

/** A cheap check of each component. It returns false or throws if the component doesn't work. */
export type StatusProbes = { readonly [Name in StatusComponent]?: () => Promise<boolean> };
