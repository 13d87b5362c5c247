const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const WEEKDAYS = 'MonTueWedThuFriSatSun';
const LEAST_EPOCH = 1e12;
const MOST_EPOCH = 4e12;
const DAY_MS = 86_400_000;

/**
 * Reads the times of spec/infra/logs.md, "Time", from text with one character for each byte. After a
 * method returned a time, `end` is the position after it, and the other fields say what it lacked.
 */
export class TimeReader {
  end = 0;
  isUnzoned = false;
  isYearless = false;
  /** Whether it is of an access log. */
  isCommonLog = false;
  /** The level of klog: `I`, `W`, `E` or `F`, or 0. */
  klogLetter = 0;
  readonly #zoneMs: number;
  readonly #year: number;
  /** The last date that was read: nearly all lines of a log have that of the line before. */
  #date = -1;
  #dayMs = 0;

  constructor(zoneMinutes: number, year: number) {
    this.#zoneMs = zoneMinutes * 60_000;
    this.#year = year;
  }

  /** ISO 8601, syslog, klog or epoch at a position: milliseconds since 1970, or null. */
  read(s: string, at: number, end: number): number | null {
    this.isCommonLog = false;
    this.klogLetter = 0;
    const c = at < end ? s.charCodeAt(at) : 0;
    if (c >= 0x30 && c <= 0x39) return this.iso(s, at, end) ?? this.epoch(s, at, end);
    if (c < 0x41 || c > 0x5a) return null;
    return this.#klog(s, at, end) ?? this.#syslog(s, at, end);
  }

  iso(s: string, at: number, end: number): number | null {
    if (at + 19 > end) return null;
    const separator = s.charCodeAt(at + 4);
    if ((separator !== 0x2d && separator !== 0x2f) || s.charCodeAt(at + 7) !== separator) return null;
    const between = s.charCodeAt(at + 10);
    if (between !== 0x54 && between !== 0x20 && between !== 0x74) return null;
    const year = two(s, at) * 100 + two(s, at + 2);
    const day = this.#day(year, two(s, at + 5), two(s, at + 8));
    const clock = this.#clock(s, at + 11, end);
    if (Number.isNaN(day) || clock === null) return null;
    this.isYearless = false;
    return day + clock - this.#zone(s, end);
  }

  /** 10 digits of seconds with a fraction, or 13 of milliseconds. */
  epoch(s: string, at: number, end: number): number | null {
    let digits = at;
    let value = 0;
    while (digits < end && digits < at + 14 && isDigit(s.charCodeAt(digits))) {
      value = value * 10 + s.charCodeAt(digits) - 0x30;
      digits++;
    }
    const length = digits - at;
    if (length !== 10 && length !== 13) return null;
    this.end = digits;
    const ms = length === 10 ? value * 1000 + this.#fraction(s, end) : value;
    if (ms < LEAST_EPOCH || ms > MOST_EPOCH || (this.end < end && isWord(s.charCodeAt(this.end))))
      return null;
    this.isUnzoned = false;
    this.isYearless = false;
    return ms;
  }

  /** `DD/Mmm/YYYY:hh:mm:ss +hhmm]` after a `[`. */
  commonLog(s: string, at: number, end: number): number | null {
    if (at + 27 > end || s.charCodeAt(at + 26) !== 0x5d || s.charCodeAt(at + 20) !== 0x20) return null;
    if (s.charCodeAt(at + 2) !== 0x2f || s.charCodeAt(at + 6) !== 0x2f || s.charCodeAt(at + 11) !== 0x3a)
      return null;
    const day = this.#day(two(s, at + 7) * 100 + two(s, at + 9), month(s, at + 3), two(s, at));
    const clock = this.#clock(s, at + 12, at + 20);
    if (Number.isNaN(day) || clock === null) return null;
    this.end = at + 20;
    const zone = this.#zone(s, at + 26);
    if (this.isUnzoned || this.end !== at + 26) return null;
    this.isYearless = false;
    this.isCommonLog = true;
    return day + clock - zone;
  }

  /** The value of a key: ISO 8601 or epoch. */
  value(s: string, at: number, end: number): number | null {
    this.isCommonLog = false;
    this.klogLetter = 0;
    return at < end && isDigit(s.charCodeAt(at)) ? (this.iso(s, at, end) ?? this.epoch(s, at, end)) : null;
  }

  #klog(s: string, at: number, end: number): number | null {
    const c = s.charCodeAt(at);
    if (c !== 0x49 && c !== 0x57 && c !== 0x45 && c !== 0x46) return null;
    if (at + 14 > end || s.charCodeAt(at + 5) !== 0x20) return null;
    const day = this.#day(this.#year, two(s, at + 1), two(s, at + 3));
    const clock = this.#clock(s, at + 6, end);
    if (Number.isNaN(day) || clock === null) return null;
    this.klogLetter = c;
    return this.#yearlessTime(day + clock);
  }

  #syslog(s: string, at: number, end: number): number | null {
    const named = inList(WEEKDAYS, s, at) >= 0 && s.charCodeAt(at + 3) === 0x20 ? at + 4 : at;
    if (named + 15 > end || s.charCodeAt(named + 3) !== 0x20 || s.charCodeAt(named + 6) !== 0x20) return null;
    const number = month(s, named);
    if (number === 0) return null;
    const ten = s.charCodeAt(named + 4);
    const one = s.charCodeAt(named + 5);
    const date = ten === 0x20 && isDigit(one) ? one - 0x30 : two(s, named + 4);
    const clock = this.#clock(s, named + 7, end);
    if (clock === null) return null;
    const at4 = this.end + 1;
    const hasYear =
      at4 + 4 <= end &&
      s.charCodeAt(this.end) === 0x20 &&
      two(s, at4) >= 10 &&
      two(s, at4 + 2) >= 0 &&
      !(at4 + 4 < end && isWord(s.charCodeAt(at4 + 4)));
    const year = hasYear ? two(s, at4) * 100 + two(s, at4 + 2) : this.#year;
    const day = this.#day(year, number, date);
    if (Number.isNaN(day)) return null;
    if (!hasYear) return this.#yearlessTime(day + clock);
    this.end = at4 + 4;
    this.isYearless = false;
    this.isUnzoned = true;
    return day + clock - this.#zoneMs;
  }

  #yearlessTime(ms: number): number {
    this.isYearless = true;
    this.isUnzoned = true;
    return ms - this.#zoneMs;
  }

  /** Milliseconds of the day since 1970, or NaN. */
  #day(year: number, monthNumber: number, day: number): number {
    if (!(year >= 0 && monthNumber >= 1 && monthNumber <= 12 && day >= 1 && day <= 31)) return Number.NaN;
    const date = (year * 16 + monthNumber) * 32 + day;
    if (date !== this.#date) {
      this.#date = date;
      this.#dayMs = daysSince1970(year, monthNumber, day) * DAY_MS;
    }
    return this.#dayMs;
  }

  /** `hh:mm:ss` and a fraction: milliseconds, or null. */
  #clock(s: string, at: number, end: number): number | null {
    if (at + 8 > end || s.charCodeAt(at + 2) !== 0x3a || s.charCodeAt(at + 5) !== 0x3a) return null;
    const [hours, minutes, seconds] = [two(s, at), two(s, at + 3), two(s, at + 6)];
    if (!(hours >= 0 && hours <= 23 && minutes >= 0 && minutes <= 59 && seconds >= 0 && seconds <= 60))
      return null;
    this.end = at + 8;
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + this.#fraction(s, end);
  }

  #fraction(s: string, end: number): number {
    const point = s.charCodeAt(this.end);
    if (this.end + 1 >= end || (point !== 0x2e && point !== 0x2c) || !isDigit(s.charCodeAt(this.end + 1)))
      return 0;
    let ms = 0;
    let unit = 100;
    let at = this.end + 1;
    for (; at < end && isDigit(s.charCodeAt(at)); at++) {
      ms += (s.charCodeAt(at) - 0x30) * unit;
      unit = unit === 100 ? 10 : unit === 10 ? 1 : 0;
    }
    this.end = at;
    return ms;
  }

  /** The zone at `end`, in milliseconds; that of the settings if there is none. */
  #zone(s: string, end: number): number {
    const at = this.end;
    this.isUnzoned = false;
    const spaced = s.charCodeAt(at) === 0x20 && at < end ? at + 1 : at;
    const c = spaced < end ? s.charCodeAt(spaced) : 0;
    if (spaced === at && c === 0x5a) {
      this.end = at + 1;
      return 0;
    }
    if (spaced > at && spaced + 3 <= end && (s.startsWith('UTC', spaced) || s.startsWith('GMT', spaced))) {
      this.end = spaced + 3;
      return 0;
    }
    if ((c === 0x2b || c === 0x2d) && spaced + 5 <= end) {
      const colon = s.charCodeAt(spaced + 3) === 0x3a ? 1 : 0;
      const [hours, minutes] = [two(s, spaced + 1), two(s, spaced + 3 + colon)];
      if (spaced + 5 + colon <= end && hours >= 0 && hours <= 23 && minutes >= 0 && minutes <= 59) {
        this.end = spaced + 5 + colon;
        const ms = (hours * 60 + minutes) * 60_000;
        return c === 0x2d ? -ms : ms;
      }
    }
    this.isUnzoned = true;
    return this.#zoneMs;
  }
}

/** Two digits as a number; NaN if they are not. */
function two(s: string, at: number): number {
  const ten = s.charCodeAt(at) - 0x30;
  const one = s.charCodeAt(at + 1) - 0x30;
  return ten >= 0 && ten <= 9 && one >= 0 && one <= 9 ? ten * 10 + one : Number.NaN;
}

function month(s: string, at: number): number {
  return inList(MONTHS, s, at) / 3 + 1;
}

/** The position of three letters in a list of such names; -3 if they are not in it. */
function inList(list: string, s: string, at: number): number {
  for (let name = 0; name < list.length; name += 3) {
    if (
      list.charCodeAt(name) === s.charCodeAt(at) &&
      list.charCodeAt(name + 1) === s.charCodeAt(at + 1) &&
      list.charCodeAt(name + 2) === s.charCodeAt(at + 2)
    ) {
      return name;
    }
  }
  return -3;
}

/** Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil. */
function daysSince1970(year: number, monthNumber: number, day: number): number {
  const y = monthNumber <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (monthNumber + (monthNumber > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

export function isDigit(c: number): boolean {
  return c >= 0x30 && c <= 0x39;
}

export function isLetter(c: number): boolean {
  const lower = c | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

function isWord(c: number): boolean {
  return isDigit(c) || isLetter(c);
}
