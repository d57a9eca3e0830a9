import type { ApiDeprecation } from '../../domain/index.ts';

/** Dates when an API becomes deprecated and when it is removed, with a page that describes the alternatives. */
export interface PublishedDeprecation extends ApiDeprecation {
  /** URL of the page that describes the alternatives to the API. */
  readonly about: string;
}

/**
 * Builds the headers `Deprecation` (RFC 9745, a structured-field date in seconds), `Sunset` (RFC 8594, an HTTP-date) and
 * `Link` with the page that describes the alternatives.
 */
export function deprecationHeaders({
  deprecated,
  sunset,
  about,
}: PublishedDeprecation): Readonly<Record<string, string>> {
  const link = (relation: string) => `<${about}>; rel="${relation}"; type="text/html"`;
  const links = [
    ...(deprecated === undefined ? [] : [link('deprecation')]),
    ...(sunset === undefined ? [] : [link('sunset')]),
  ];
  return {
    ...(deprecated === undefined ? {} : { deprecation: `@${Math.floor(deprecated.getTime() / 1000)}` }),
    ...(sunset === undefined ? {} : { sunset: sunset.toUTCString() }),
    link: links.join(', '),
  };
}

/** Describes the deprecation of an API in plain text, for the resource at `/metadata`. */
export function deprecationNotice({ deprecated, sunset, about }: PublishedDeprecation): string {
  const dates = [
    ...(deprecated === undefined ? [] : [`This API is deprecated as of ${toIsoDate(deprecated)}.`]),
    ...(sunset === undefined ? [] : [`Its planned end is ${toIsoDate(sunset)}.`]),
  ];
  return `${dates.join(' ')} Data that only other APIs provide: ${about}`;
}

const toIsoDate = (at: Date): string => at.toISOString().slice(0, 10);
