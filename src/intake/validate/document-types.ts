import type { StoredDocument } from '../../fhir/index.ts';
import { findServedType } from '../../kernel/index.ts';
import type { ValidationIssue } from '../../validation/index.ts';

/** Element with the content type of a document, by resource type. */
const CONTENT_TYPE_PATHS: Readonly<Record<string, string>> = {
  DocumentReference: 'DocumentReference.content.attachment.contentType',
  DiagnosticReport: 'DiagnosticReport.presentedForm.contentType',
  Media: 'Media.content.contentType',
};

/** Returns a warning for each document of a resource whose bytes contradict its content type. */
export async function checkDocumentTypes(
  type: string,
  documents: readonly StoredDocument[] = [],
): Promise<readonly ValidationIssue[]> {
  const issues: ValidationIssue[] = [];
  for (const { contentType, bytes } of documents) {
    if (!(await findServedType(contentType, bytes)).isMismatch) continue;
    const text =
      'The bytes of the document aren’t of this content type. It is stored as it came, and can only be downloaded.';
    issues.push({ severity: 'warning', code: 'value', path: CONTENT_TYPE_PATHS[type] ?? type, text });
  }
  return issues;
}
