import type { COMPONENTS } from '../../portal-api/index.ts';

/** A part of the service that the status page reports separately, such as the token endpoint. */
export type StatusComponent = (typeof COMPONENTS)[number];

/** Result of one probe, which checks whether a component works. */
export interface ProbeResult {
  readonly component: StatusComponent;
  readonly ok: boolean;
  readonly milliseconds: number;
}

/** Probes by component. A probe is a cheap check; it returns false or throws if the component doesn't work. */
export type StatusProbes = { readonly [Name in StatusComponent]?: () => Promise<boolean> };
