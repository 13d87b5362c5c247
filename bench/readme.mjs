export function writeReadme() {
  return '';
}
