/** Also matches in DO blocks and comments: a superfluous extension is loaded and not used. */
const CREATE_EXTENSION = /\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?("?)([\w-]+)\1/gi;

/** The extensions that a schema requests. */
export function requestedExtensions(schema: Buffer): Set<string> {
  const names = [...schema.toString('latin1').matchAll(CREATE_EXTENSION)].map(([, , name]) => name as string);
  return new Set(names.map((name) => name.toLowerCase()));
}
