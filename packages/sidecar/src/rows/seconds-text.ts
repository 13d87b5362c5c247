/** Milliseconds as seconds with six decimals. */
export function secondsText(ms: number): string {
  const micros = Math.round(ms * 1000);
  return micros < 1e6 ? `0.${String(micros + 1e6).slice(1)}` : (micros / 1e6).toFixed(6);
}
