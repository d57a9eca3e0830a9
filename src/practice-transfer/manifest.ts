import type { ExportedFile } from './file-set.ts';

/** Name of the format, and its version. An import reads this version only. */
export const FORMAT = 'patient-access-practice';
export const FORMAT_VERSION = 1;
export const MANIFEST = 'manifest.json';
export const DIGESTS = 'SHA256SUMS';
export const EVENTS_FILE = 'audit/events.ndjson';
export const SEGMENTS_FILE = 'audit/segments.ndjson';

/** Path of the rows of a copied table. */
export const rowsFile = (table: string): string => `rows/${table}.ndjson`;
/** Path of the rows of a table with contents, which have one file for each type. */
export const contentRowsFile = (table: string, type: string | undefined): string =>
  type === undefined ? rowsFile(table) : `rows/${table}/${type}.ndjson`;
/** Path of the contents. Line by line, they belong to the rows of `contentRowsFile`. */
export const contentsFile = (contents: string, type: string | undefined): string =>
  type === undefined ? contents : `${contents}/${type}.ndjson`;

/** Content of `manifest.json`. */
export interface Manifest {
  readonly format: typeof FORMAT;
  readonly version: number;
  /** Name of the newest migration of the database. An import needs the same or a newer one. */
  readonly schema: string;
  readonly practice: { readonly id: number; readonly name: string; readonly kind: string };
  /** Time of the state that the files have, in ISO 8601. */
  readonly at: string;
  /** Number of rows by table, and of lines of the audit log. */
  readonly rows: Readonly<Record<string, number>>;
  /** Columns of the rows by table. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  readonly audit: {
    readonly events: number;
    /** Time of the oldest event, in ISO 8601; null without events. Older months may be in the archive only. */
    readonly from: string | null;
    /** Newest sealed segment of the log at that time; null without one. */
    readonly newestSegment: number | null;
  };
  readonly shared: readonly string[];
  readonly leftOut: Readonly<Record<string, string>>;
  readonly files: readonly ExportedFile[];
}

/** The line of a file in `SHA256SUMS`, as `sha256sum --check` reads it. */
export const digestLine = ({ path, sha256 }: Pick<ExportedFile, 'path' | 'sha256'>): string => `${sha256}  ${path}\n`;

/** Member of a row that says whether it has a content. */
export const HAS_CONTENT = 'has_content';

/** Adds a member to the end of a JSON object. */
export const withMember = (line: string, name: string, value: unknown): string =>
  `${line.slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(value)}}`;
