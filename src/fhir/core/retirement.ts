/** That an API is deprecated, or is meant to go. */
export interface Retirement {
  /** Since when, or from when on; undefined: it is not. */
  readonly deprecated: Date | undefined;
  /** When it is meant to go; undefined: nobody knows. */
  readonly sunset: Date | undefined;
  /** The page that says what to do instead. */
  readonly about: string;
}

/** RFC 9745: a date of structured fields, in seconds, with what is said of it in a link. RFC 8594: a date of HTTP. */
export function retirementHeaders({ deprecated, sunset, about }: Retirement): Readonly<Record<string, string>> {
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

/** The same for people. */
export function retirementNote({ deprecated, sunset, about }: Retirement): string {
  const dates = [
    ...(deprecated === undefined ? [] : [`This API is deprecated from ${dayOf(deprecated)} on.`]),
    ...(sunset === undefined ? [] : [`It is meant to go on ${dayOf(sunset)}.`]),
  ];
  return `${dates.join(' ')} What it can't say, and other APIs can, is told at ${about}`;
}

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);
