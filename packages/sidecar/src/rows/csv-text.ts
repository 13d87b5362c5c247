const SPECIAL = /[",\r\n]/;

/** One field of a csv row by RFC 4180: quoted if necessary, empty for null. */
export function csvField(value: string | null): string {
  if (value === null) return '';
  return SPECIAL.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
