declare module 'jq-web' {
  /** jq, compiled to WebAssembly. `raw` returns what the command prints. */
  const jq: Promise<{ raw(input: string, filter: string, options?: readonly string[]): string }>;
  export default jq;
}
