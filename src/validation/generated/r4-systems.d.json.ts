/** Codes by the URL of their system. The compiler would take a second to infer the type of the JSON. */
declare const systems: Readonly<Record<string, readonly string[]>>;
export = systems;
