/** Parameters of the libraries whose flag is not the parameter name in kebab case. */
const FLAGS: Readonly<Record<string, string>> = {
  legacyLayout: '--layout legacy',
  withDocument: '--data',
  patterns: '--pattern',
};

/** Rewrites the parameters in a library's message as flags: `the option maxSize` becomes `--max-size`. */
export function withFlags(message: string): string {
  return message.replace(/\bthe option (\w+)/g, (_, name: string) => FLAGS[name] ?? `--${kebab(name)}`);
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
