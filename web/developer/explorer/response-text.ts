import type { ExplorerFhirVersion } from './open-api.ts';

export const VERSION_NAMES: Readonly<Record<ExplorerFhirVersion, string>> = { r4: 'R4', dstu2: 'DSTU2' };

export const statusColor = (status: number): string => (status < 300 ? 'success' : status < 500 ? 'warning' : 'danger');

export const sizeText = (bytes: number): string => (bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} KB`);
