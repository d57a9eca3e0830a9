export interface SandboxReference {
  readonly reference: string;
  readonly display?: string;
}
