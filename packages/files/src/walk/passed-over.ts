const DOT = 0x2e;

/** Why a name is skipped whatever it refers to, or null; spec/sidecar/walk.md. `@eaDir` is for folders only. */
export function passedOver(name: string, isFolder: boolean): 'system' | 'scratch' | null {
  const first = name.charCodeAt(0);
  if (first === DOT) {
    if (name.startsWith('._') || name === '.DS_Store') return 'system';
    return name.startsWith('.tandem-') ? 'scratch' : null;
  }
  return isFolder && name === '@eaDir' ? 'system' : null;
}
