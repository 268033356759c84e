const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const shape = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{2}):(\d{2}):(\d{2}) (?:UTC|GMT) (\d{4})$/;

/**
 * Reads a TIMESTAMP and writes it as Cognito's clients do: `EEE MMM d HH:mm:ss UTC yyyy`, English, day not padded.
 * What differs from that, such as a padded day or a wrong weekday, makes the proof a wrong one without being unreadable
 * (ministackorg/ministack#1758).
 * @returns undefined where the text is no timestamp at all
 */
export function canonicalTimestamp(text: string): string | undefined {
  const [, monthName = '', day, hours, minutes, seconds, year] = shape.exec(text) ?? [];
  const month = months.indexOf(monthName);
  const date = new Date(Date.UTC(Number(year), month, Number(day), Number(hours), Number(minutes), Number(seconds)));
  const valid = month >= 0 && date.getUTCMonth() === month && date.getUTCDate() === Number(day) && Number(hours) < 24;
  if (!valid) return undefined;
  return `${days[date.getUTCDay()] ?? ''} ${monthName} ${Number(day)} ${hours ?? ''}:${minutes ?? ''}:${seconds ?? ''} UTC ${year ?? ''}`;
}
