const SECOND_MS = 1000;
const MINUS = '\u2212';

/** `0.4 ms`, `142 ms`, `4.21 s`, `2 min 04 s`, `1 h 02 min`: as exact as a person needs at that size. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 0) return `${MINUS}${formatDuration(-durationMs)}`;
  if (durationMs < 9.95) return `${trimZero(durationMs.toFixed(1))} ms`;
  if (durationMs < 999.5) return `${Math.round(durationMs)} ms`;
  if (durationMs < 59_995) return `${(durationMs / SECOND_MS).toFixed(2)} s`;
  return formatCallDuration(durationMs);
}

/** How long a call lasts: whole seconds, `42 s`, `2 min 04 s`, `1 h 02 min`. A clock that runs behind shows 0 s. */
export function formatCallDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / SECOND_MS));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${twoDigits(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}

/** The place of a moment in its call, to a tenth of a second: `0:03.2`, `12:40.0`, `1:02:03.4`. */
export function formatOffset(offsetMs: number): string {
  if (offsetMs <= -50) return `${MINUS}${formatOffset(-offsetMs)}`;
  const tenths = Math.round(Math.max(0, offsetMs) / 100);
  const seconds = `${twoDigits(Math.floor(tenths / 10) % 60)}.${tenths % 10}`;
  const minutes = Math.floor(tenths / 600);
  if (minutes < 60) return `${minutes}:${seconds}`;
  return `${Math.floor(minutes / 60)}:${twoDigits(minutes % 60)}:${seconds}`;
}

/** Milliseconds from one ISO 8601 time to a later one. */
export function elapsedMs(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from);
}

/** The time of day; with the date unless it is today's. In the reader's own language and zone unless told. */
export function formatMoment(at: string, now: Date, locale?: string, timeZone?: string): string {
  const moment = new Date(at);
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', timeZone }).format(moment);
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone });
  return day.format(moment) === day.format(now) ? time : `${day.format(moment)}, ${time}`;
}

const RELATIVE_UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** Within it two clocks may disagree about what was first. */
const NOW_SECONDS = 3;

/** `now`, `5 minutes ago`, `in 3 hours`, `yesterday`: how far a moment is from now, in the largest unit that fits. */
export function formatRelative(at: string, now: Date, locale?: string): string {
  const seconds = Math.round((Date.parse(at) - now.getTime()) / SECOND_MS);
  if (Math.abs(seconds) < NOW_SECONDS) return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(0, 'second');
  const [unit, length] = RELATIVE_UNITS.find(([, unitSeconds]) => Math.abs(seconds) >= unitSeconds)!;
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.round(seconds / length), unit);
}

/** `0 B`, `812 B`, `4.0 KiB`, `1.2 MiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}

function twoDigits(count: number): string {
  return String(count).padStart(2, '0');
}

function trimZero(decimal: string): string {
  return decimal.endsWith('.0') ? decimal.slice(0, -2) : decimal;
}
